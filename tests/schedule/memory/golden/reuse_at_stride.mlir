// before
func.func private @body_0(%A: memref<30xi32>, %C: memref<10xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[30]"], ["C", "array", "int32[10]"]]} {
  %c0 = arith.constant 0 : index
  %c9 = arith.constant 9 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c9 step %c1 {
    %c2 = arith.constant 2 : index
    %0 = arith.muli %c2, %i : index
    %1 = memref.load %A[%0] : memref<30xi32>
    %c2_0 = arith.constant 2 : index
    %2 = arith.muli %c2_0, %i : index
    %c1_1 = arith.constant 1 : index
    %3 = arith.addi %2, %c1_1 : index
    %4 = memref.load %A[%3] : memref<30xi32>
    %c2_i32 = arith.constant 2 : i32
    %5 = arith.extsi %4 : i32 to i64
    %6 = arith.extsi %c2_i32 : i32 to i64
    %7 = arith.muli %5, %6 overflow<nsw> : i64
    %8 = arith.extsi %1 : i32 to i65
    %9 = arith.extsi %7 : i64 to i65
    %10 = arith.addi %8, %9 overflow<nsw> : i65
    %c2_2 = arith.constant 2 : index
    %11 = arith.muli %c2_2, %i : index
    %c3 = arith.constant 3 : index
    %12 = arith.addi %11, %c3 : index
    %13 = memref.load %A[%12] : memref<30xi32>
    %14 = arith.extsi %10 : i65 to i66
    %15 = arith.extsi %13 : i32 to i66
    %16 = arith.addi %14, %15 overflow<nsw> : i66
    %17 = arith.trunci %16 : i66 to i32
    memref.store %17, %C[%i] : memref<10xi32>
  } {df.name = "i"}
  return
}

// after
func.func private @body_0(%A: memref<30xi32>, %C: memref<10xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[30]"], ["C", "array", "int32[10]"]]} {
  %A_window = memref.alloca() {df.name = "A_window", df.type = "int32[4]"} : memref<4xi32>
  %c0 = arith.constant 0 : index
  %c9 = arith.constant 9 : index
  %c1 = arith.constant 1 : index
  %c0_0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c1_1 = arith.constant 1 : index
  scf.for %A_window_0 = %c0_0 to %c2 step %c1_1 {
    %0 = memref.load %A[%A_window_0] : memref<30xi32>
    %c2_2 = arith.constant 2 : index
    %1 = arith.addi %A_window_0, %c2_2 overflow<nsw> : index
    memref.store %0, %A_window[%1] : memref<4xi32>
  } {df.name = "A_window_0"}
  scf.for %i = %c0 to %c9 step %c1 {
    %c2_2 = arith.constant 2 : index
    %0 = arith.muli %i, %c2_2 overflow<nsw> : index
    %c2_3 = arith.constant 2 : index
    %1 = memref.load %A_window[%c2_3] : memref<4xi32>
    %c0_4 = arith.constant 0 : index
    memref.store %1, %A_window[%c0_4] : memref<4xi32>
    %c3 = arith.constant 3 : index
    %2 = memref.load %A_window[%c3] : memref<4xi32>
    %c1_5 = arith.constant 1 : index
    memref.store %2, %A_window[%c1_5] : memref<4xi32>
    %c2_6 = arith.constant 2 : index
    %3 = arith.addi %0, %c2_6 overflow<nsw> : index
    %4 = memref.load %A[%3] : memref<30xi32>
    %c2_7 = arith.constant 2 : index
    memref.store %4, %A_window[%c2_7] : memref<4xi32>
    %c3_8 = arith.constant 3 : index
    %5 = arith.addi %0, %c3_8 overflow<nsw> : index
    %6 = memref.load %A[%5] : memref<30xi32>
    %c3_9 = arith.constant 3 : index
    memref.store %6, %A_window[%c3_9] : memref<4xi32>
    %c0_10 = arith.constant 0 : index
    %7 = memref.load %A_window[%c0_10] : memref<4xi32>
    %c1_11 = arith.constant 1 : index
    %8 = memref.load %A_window[%c1_11] : memref<4xi32>
    %c2_i32 = arith.constant 2 : i32
    %9 = arith.extsi %8 : i32 to i64
    %10 = arith.extsi %c2_i32 : i32 to i64
    %11 = arith.muli %9, %10 overflow<nsw> : i64
    %12 = arith.extsi %7 : i32 to i65
    %13 = arith.extsi %11 : i64 to i65
    %14 = arith.addi %12, %13 overflow<nsw> : i65
    %c3_12 = arith.constant 3 : index
    %15 = memref.load %A_window[%c3_12] : memref<4xi32>
    %16 = arith.extsi %14 : i65 to i66
    %17 = arith.extsi %15 : i32 to i66
    %18 = arith.addi %16, %17 overflow<nsw> : i66
    %19 = arith.trunci %18 : i66 to i32
    memref.store %19, %C[%i] : memref<10xi32>
  } {df.name = "i"}
  return
}
