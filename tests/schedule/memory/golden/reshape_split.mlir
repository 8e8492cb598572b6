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
  %buf = memref.alloca() {df.name = "buf", df.type = "int32[2, 4, 4]"} : memref<2x4x4xi32>
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
      %0 = arith.floordivsi %arg2, %c4_12 : index
      %c4_13 = arith.constant 4 : index
      %1 = arith.remsi %arg2, %c4_13 : index
      memref.store %c0_i32, %buf[%0, %1, %arg3] : memref<2x4x4xi32>
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
      %5 = arith.floordivsi %i, %c4_10 : index
      %c4_11 = arith.constant 4 : index
      %6 = arith.remsi %i, %c4_11 : index
      memref.store %4, %buf[%5, %6, %j] : memref<2x4x4xi32>
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
      %1 = arith.floordivsi %0, %c4_10 : index
      %c4_11 = arith.constant 4 : index
      %2 = arith.remsi %0, %c4_11 : index
      %3 = memref.load %buf[%1, %2, %j] : memref<2x4x4xi32>
      %c3 = arith.constant 3 : index
      %4 = arith.subi %c3, %j : index
      %c4_12 = arith.constant 4 : index
      %5 = arith.floordivsi %i, %c4_12 : index
      %c4_13 = arith.constant 4 : index
      %6 = arith.remsi %i, %c4_13 : index
      %7 = memref.load %buf[%5, %6, %4] : memref<2x4x4xi32>
      %8 = arith.extsi %3 : i32 to i33
      %9 = arith.extsi %7 : i32 to i33
      %10 = arith.subi %8, %9 overflow<nsw> : i33
      %11 = arith.trunci %10 : i33 to i32
      memref.store %11, %C[%i, %j] : memref<8x4xi32>
    } {df.name = "j_1"}
  } {df.name = "i_1"}
  return
}
