// before
func.func private @body_0(%A: memref<60xi32>, %C: memref<20xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[60]"], ["C", "array", "int32[20]"]]} {
  %c0 = arith.constant 0 : index
  %c19 = arith.constant 19 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c19 step %c1 {
    %c2 = arith.constant 2 : index
    %0 = arith.muli %c2, %i : index
    %1 = memref.load %A[%0] : memref<60xi32>
    %c2_0 = arith.constant 2 : index
    %2 = arith.muli %c2_0, %i : index
    %c1_1 = arith.constant 1 : index
    %3 = arith.addi %2, %c1_1 : index
    %4 = memref.load %A[%3] : memref<60xi32>
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
    %13 = memref.load %A[%12] : memref<60xi32>
    %14 = arith.extsi %10 : i65 to i66
    %15 = arith.extsi %13 : i32 to i66
    %16 = arith.addi %14, %15 overflow<nsw> : i66
    %17 = arith.trunci %16 : i66 to i32
    memref.store %17, %C[%i] : memref<20xi32>
  } {df.name = "i"}
  return
}

// after
func.func private @body_0(%A: memref<60xi32>, %C: memref<20xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[60]"], ["C", "array", "int32[20]"]]} {
  %A_window = memref.alloca() {df.name = "A_window", df.type = "int32[4]"} : memref<4xi32>
  %c0 = arith.constant 0 : index
  %c19 = arith.constant 19 : index
  %c1 = arith.constant 1 : index
  %c0_0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c1_1 = arith.constant 1 : index
  scf.for %A_window_0 = %c0_0 to %c2 step %c1_1 {
    %0 = memref.load %A[%A_window_0] : memref<60xi32>
    memref.store %0, %A_window[%A_window_0] : memref<4xi32>
  } {df.name = "A_window_0"}
  scf.for %i = %c0 to %c19 step %c1 {
    %c2_2 = arith.constant 2 : index
    %0 = arith.muli %i, %c2_2 overflow<nsw> : index
    %c2_3 = arith.constant 2 : index
    %1 = arith.addi %0, %c2_3 overflow<nsw> : index
    %c2_4 = arith.constant 2 : index
    %2 = memref.load %A[%1] : memref<60xi32>
    memref.store %2, %A_window[%c2_4] : memref<4xi32>
    %c3 = arith.constant 3 : index
    %3 = arith.addi %0, %c3 overflow<nsw> : index
    %c3_5 = arith.constant 3 : index
    %4 = memref.load %A[%3] : memref<60xi32>
    memref.store %4, %A_window[%c3_5] : memref<4xi32>
    %c0_6 = arith.constant 0 : index
    %5 = memref.load %A_window[%c0_6] : memref<4xi32>
    %c1_7 = arith.constant 1 : index
    %6 = memref.load %A_window[%c1_7] : memref<4xi32>
    %c2_i32 = arith.constant 2 : i32
    %7 = arith.extsi %6 : i32 to i64
    %8 = arith.extsi %c2_i32 : i32 to i64
    %9 = arith.muli %7, %8 overflow<nsw> : i64
    %10 = arith.extsi %5 : i32 to i65
    %11 = arith.extsi %9 : i64 to i65
    %12 = arith.addi %10, %11 overflow<nsw> : i65
    %c3_8 = arith.constant 3 : index
    %13 = memref.load %A_window[%c3_8] : memref<4xi32>
    %14 = arith.extsi %12 : i65 to i66
    %15 = arith.extsi %13 : i32 to i66
    %16 = arith.addi %14, %15 overflow<nsw> : i66
    %17 = arith.trunci %16 : i66 to i32
    memref.store %17, %C[%i] : memref<20xi32>
    %c2_9 = arith.constant 2 : index
    %18 = memref.load %A_window[%c2_9] : memref<4xi32>
    %c0_10 = arith.constant 0 : index
    memref.store %18, %A_window[%c0_10] : memref<4xi32>
    %c3_11 = arith.constant 3 : index
    %19 = memref.load %A_window[%c3_11] : memref<4xi32>
    %c1_12 = arith.constant 1 : index
    memref.store %19, %A_window[%c1_12] : memref<4xi32>
  } {df.name = "i"}
  return
}
