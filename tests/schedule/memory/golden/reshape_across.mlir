// before
func.func private @body_0(%A: memref<8x4xi32>, %C: memref<8x4xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[8, 4]"], ["C", "array", "int32[8, 4]"]]} {
  %buf = memref.alloca() {df.name = "buf", df.type = "int32[8, 4]"} : memref<8x4xi32>
  %c0_i32 = arith.constant 0 : i32
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c1 = arith.constant 1 : index
  scf.for %arg2 = %c0 to %c8 step %c1 {
    %c0_9 = arith.constant 0 : index
    %c4_10 = arith.constant 4 : index
    %c1_11 = arith.constant 1 : index
    scf.for %arg3 = %c0_9 to %c4_10 step %c1_11 {
      memref.store %c0_i32, %buf[%arg2, %arg3] : memref<8x4xi32>
    }
  }
  %one = arith.constant 3 : i32
  %c8_0 = arith.constant 8 : index
  %c4 = arith.constant 4 : index
  %c0_1 = arith.constant 0 : index
  %c0_2 = arith.constant 0 : index
  %c1_3 = arith.constant 1 : index
  scf.for %i = %c0_1 to %c8_0 step %c1_3 {
    %c1_9 = arith.constant 1 : index
    scf.for %j = %c0_2 to %c4 step %c1_9 {
      %0 = memref.load %A[%i, %j] : memref<8x4xi32>
      %1 = arith.extsi %0 : i32 to i64
      %2 = arith.extsi %one : i32 to i64
      %3 = arith.muli %1, %2 overflow<nsw> : i64
      %4 = arith.trunci %3 : i64 to i32
      memref.store %4, %buf[%i, %j] : memref<8x4xi32>
    } {df.name = "j"}
  } {df.name = "i"}
  %c8_4 = arith.constant 8 : index
  %c4_5 = arith.constant 4 : index
  %c0_6 = arith.constant 0 : index
  %c0_7 = arith.constant 0 : index
  %c1_8 = arith.constant 1 : index
  scf.for %i = %c0_6 to %c8_4 step %c1_8 {
    %c1_9 = arith.constant 1 : index
    scf.for %j = %c0_7 to %c4_5 step %c1_9 {
      %c7 = arith.constant 7 : index
      %0 = arith.subi %c7, %i : index
      %1 = memref.load %buf[%0, %j] : memref<8x4xi32>
      %c3 = arith.constant 3 : index
      %2 = arith.subi %c3, %j : index
      %3 = memref.load %buf[%i, %2] : memref<8x4xi32>
      %4 = arith.extsi %1 : i32 to i33
      %5 = arith.extsi %3 : i32 to i33
      %6 = arith.subi %4, %5 overflow<nsw> : i33
      %7 = arith.trunci %6 : i33 to i32
      memref.store %7, %C[%i, %j] : memref<8x4xi32>
    } {df.name = "j_1"}
  } {df.name = "i_1"}
  return
}

// after
func.func private @body_0(%A: memref<8x4xi32>, %C: memref<8x4xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[8, 4]"], ["C", "array", "int32[8, 4]"]]} {
  %buf = memref.alloca() {df.name = "buf", df.type = "int32[16, 2]"} : memref<16x2xi32>
  %c0_i32 = arith.constant 0 : i32
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c1 = arith.constant 1 : index
  scf.for %arg2 = %c0 to %c8 step %c1 {
    %c0_9 = arith.constant 0 : index
    %c4_10 = arith.constant 4 : index
    %c1_11 = arith.constant 1 : index
    scf.for %arg3 = %c0_9 to %c4_10 step %c1_11 {
      %c4_12 = arith.constant 4 : index
      %0 = arith.muli %arg2, %c4_12 overflow<nsw> : index
      %1 = arith.addi %0, %arg3 overflow<nsw> : index
      %c2 = arith.constant 2 : index
      %2 = arith.floordivsi %1, %c2 : index
      %c2_13 = arith.constant 2 : index
      %3 = arith.remsi %1, %c2_13 : index
      memref.store %c0_i32, %buf[%2, %3] : memref<16x2xi32>
    }
  }
  %one = arith.constant 3 : i32
  %c8_0 = arith.constant 8 : index
  %c4 = arith.constant 4 : index
  %c0_1 = arith.constant 0 : index
  %c0_2 = arith.constant 0 : index
  %c1_3 = arith.constant 1 : index
  scf.for %i = %c0_1 to %c8_0 step %c1_3 {
    %c1_9 = arith.constant 1 : index
    scf.for %j = %c0_2 to %c4 step %c1_9 {
      %0 = memref.load %A[%i, %j] : memref<8x4xi32>
      %1 = arith.extsi %0 : i32 to i64
      %2 = arith.extsi %one : i32 to i64
      %3 = arith.muli %1, %2 overflow<nsw> : i64
      %4 = arith.trunci %3 : i64 to i32
      %c4_10 = arith.constant 4 : index
      %5 = arith.muli %i, %c4_10 overflow<nsw> : index
      %6 = arith.addi %5, %j overflow<nsw> : index
      %c2 = arith.constant 2 : index
      %7 = arith.floordivsi %6, %c2 : index
      %c2_11 = arith.constant 2 : index
      %8 = arith.remsi %6, %c2_11 : index
      memref.store %4, %buf[%7, %8] : memref<16x2xi32>
    } {df.name = "j"}
  } {df.name = "i"}
  %c8_4 = arith.constant 8 : index
  %c4_5 = arith.constant 4 : index
  %c0_6 = arith.constant 0 : index
  %c0_7 = arith.constant 0 : index
  %c1_8 = arith.constant 1 : index
  scf.for %i = %c0_6 to %c8_4 step %c1_8 {
    %c1_9 = arith.constant 1 : index
    scf.for %j = %c0_7 to %c4_5 step %c1_9 {
      %c7 = arith.constant 7 : index
      %0 = arith.subi %c7, %i : index
      %c4_10 = arith.constant 4 : index
      %1 = arith.muli %0, %c4_10 overflow<nsw> : index
      %2 = arith.addi %1, %j overflow<nsw> : index
      %c2 = arith.constant 2 : index
      %3 = arith.floordivsi %2, %c2 : index
      %c2_11 = arith.constant 2 : index
      %4 = arith.remsi %2, %c2_11 : index
      %5 = memref.load %buf[%3, %4] : memref<16x2xi32>
      %c3 = arith.constant 3 : index
      %6 = arith.subi %c3, %j : index
      %c4_12 = arith.constant 4 : index
      %7 = arith.muli %i, %c4_12 overflow<nsw> : index
      %8 = arith.addi %7, %6 overflow<nsw> : index
      %c2_13 = arith.constant 2 : index
      %9 = arith.floordivsi %8, %c2_13 : index
      %c2_14 = arith.constant 2 : index
      %10 = arith.remsi %8, %c2_14 : index
      %11 = memref.load %buf[%9, %10] : memref<16x2xi32>
      %12 = arith.extsi %5 : i32 to i33
      %13 = arith.extsi %11 : i32 to i33
      %14 = arith.subi %12, %13 overflow<nsw> : i33
      %15 = arith.trunci %14 : i33 to i32
      memref.store %15, %C[%i, %j] : memref<8x4xi32>
    } {df.name = "j_1"}
  } {df.name = "i_1"}
  return
}
