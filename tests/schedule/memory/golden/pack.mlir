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
  %buf = memref.alloca() {df.name = "buf", df.type = "UInt(128)[8, 1]"} : memref<8x1xi128>
  %c0_i32 = arith.constant 0 : i32
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c1 = arith.constant 1 : index
  scf.for %arg2 = %c0 to %c8 step %c1 {
    %c0_9 = arith.constant 0 : index
    %c4_10 = arith.constant 4 : index
    %c1_11 = arith.constant 1 : index
    scf.for %arg3 = %c0_9 to %c4_10 step %c1_11 {
      %c0_12 = arith.constant 0 : index
      %c32 = arith.constant 32 : index
      %0 = arith.muli %arg3, %c32 overflow<nsw> : index
      %1 = memref.load %buf[%arg2, %c0_12] : memref<8x1xi128>
      %c4294967295_i128 = arith.constant 4294967295 : i128
      %2 = arith.extui %c0_i32 : i32 to i128
      %3 = arith.index_cast %0 : index to i64
      %4 = arith.extui %3 : i64 to i128
      %5 = arith.shli %c4294967295_i128, %4 : i128
      %6 = arith.shli %2, %4 : i128
      %c-1_i128 = arith.constant -1 : i128
      %7 = arith.xori %5, %c-1_i128 : i128
      %8 = arith.andi %1, %7 : i128
      %9 = arith.ori %8, %6 : i128
      memref.store %9, %buf[%arg2, %c0_12] : memref<8x1xi128>
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
      %c0_10 = arith.constant 0 : index
      %c32 = arith.constant 32 : index
      %5 = arith.muli %j, %c32 overflow<nsw> : index
      %6 = memref.load %buf[%i, %c0_10] : memref<8x1xi128>
      %c4294967295_i128 = arith.constant 4294967295 : i128
      %7 = arith.extui %4 : i32 to i128
      %8 = arith.index_cast %5 : index to i64
      %9 = arith.extui %8 : i64 to i128
      %10 = arith.shli %c4294967295_i128, %9 : i128
      %11 = arith.shli %7, %9 : i128
      %c-1_i128 = arith.constant -1 : i128
      %12 = arith.xori %10, %c-1_i128 : i128
      %13 = arith.andi %6, %12 : i128
      %14 = arith.ori %13, %11 : i128
      memref.store %14, %buf[%i, %c0_10] : memref<8x1xi128>
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
      %c0_10 = arith.constant 0 : index
      %c32 = arith.constant 32 : index
      %1 = arith.muli %j, %c32 overflow<nsw> : index
      %2 = memref.load %buf[%0, %c0_10] : memref<8x1xi128>
      %3 = arith.index_cast %1 : index to i64
      %4 = arith.extui %3 : i64 to i128
      %5 = arith.shrui %2, %4 : i128
      %6 = arith.trunci %5 : i128 to i32
      %c-1 = arith.constant -1 : index
      %7 = arith.muli %j, %c-1 overflow<nsw> : index
      %c3 = arith.constant 3 : index
      %8 = arith.addi %c3, %7 overflow<nsw> : index
      %c0_11 = arith.constant 0 : index
      %c32_12 = arith.constant 32 : index
      %9 = arith.muli %8, %c32_12 overflow<nsw> : index
      %10 = memref.load %buf[%i, %c0_11] : memref<8x1xi128>
      %11 = arith.index_cast %9 : index to i64
      %12 = arith.extui %11 : i64 to i128
      %13 = arith.shrui %10, %12 : i128
      %14 = arith.trunci %13 : i128 to i32
      %15 = arith.extsi %6 : i32 to i33
      %16 = arith.extsi %14 : i32 to i33
      %17 = arith.subi %15, %16 overflow<nsw> : i33
      %18 = arith.trunci %17 : i33 to i32
      memref.store %18, %C[%i, %j] : memref<8x4xi32>
    } {df.name = "j_1"}
  } {df.name = "i_1"}
  return
}
