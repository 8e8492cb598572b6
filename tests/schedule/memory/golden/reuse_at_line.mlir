// before
func.func private @body_0(%A: memref<5x20xi32>, %F: memref<3x3xi32>, %C: memref<3x18xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[5, 20]"], ["F", "array", "int32[3, 3]"], ["C", "array", "int32[3, 18]"]]} {
  %total = memref.alloca() {df.name = "total", df.type = "int32"} : memref<i32>
  %c3 = arith.constant 3 : index
  %c18 = arith.constant 18 : index
  %c0 = arith.constant 0 : index
  %c0_0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %y = %c0 to %c3 step %c1 {
    %c1_1 = arith.constant 1 : index
    scf.for %x = %c0_0 to %c18 step %c1_1 {
      %c0_i32 = arith.constant 0 : i32
      memref.store %c0_i32, %total[] : memref<i32>
      %c3_2 = arith.constant 3 : index
      %c3_3 = arith.constant 3 : index
      %c0_4 = arith.constant 0 : index
      %c0_5 = arith.constant 0 : index
      %c1_6 = arith.constant 1 : index
      scf.for %r = %c0_4 to %c3_2 step %c1_6 {
        %c1_7 = arith.constant 1 : index
        scf.for %c = %c0_5 to %c3_3 step %c1_7 {
          %1 = memref.load %total[] : memref<i32>
          %2 = arith.addi %y, %r : index
          %3 = arith.addi %x, %c : index
          %4 = memref.load %A[%2, %3] : memref<5x20xi32>
          %5 = memref.load %F[%r, %c] : memref<3x3xi32>
          %6 = arith.extsi %4 : i32 to i64
          %7 = arith.extsi %5 : i32 to i64
          %8 = arith.muli %6, %7 overflow<nsw> : i64
          %9 = arith.extsi %1 : i32 to i65
          %10 = arith.extsi %8 : i64 to i65
          %11 = arith.addi %9, %10 overflow<nsw> : i65
          %12 = arith.trunci %11 : i65 to i32
          memref.store %12, %total[] : memref<i32>
        } {df.name = "c"}
      } {df.name = "r"}
      %0 = memref.load %total[] : memref<i32>
      memref.store %0, %C[%y, %x] : memref<3x18xi32>
    } {df.name = "x"}
  } {df.name = "y"}
  return
}

// after
func.func private @body_0(%A: memref<5x20xi32>, %F: memref<3x3xi32>, %C: memref<3x18xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[5, 20]"], ["F", "array", "int32[3, 3]"], ["C", "array", "int32[3, 18]"]]} {
  %A_window = memref.alloca() {df.name = "A_window", df.type = "int32[3, 20]"} : memref<3x20xi32>
  %total = memref.alloca() {df.name = "total", df.type = "int32"} : memref<i32>
  %c3 = arith.constant 3 : index
  %c18 = arith.constant 18 : index
  %c0 = arith.constant 0 : index
  %c0_0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c0_1 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c1_2 = arith.constant 1 : index
  scf.for %A_window_0 = %c0_1 to %c2 step %c1_2 {
    %c0_3 = arith.constant 0 : index
    %c20 = arith.constant 20 : index
    %c1_4 = arith.constant 1 : index
    scf.for %A_window_1 = %c0_3 to %c20 step %c1_4 {
      %0 = memref.load %A[%A_window_0, %A_window_1] : memref<5x20xi32>
      %c1_5 = arith.constant 1 : index
      %1 = arith.addi %A_window_0, %c1_5 overflow<nsw> : index
      memref.store %0, %A_window[%1, %A_window_1] : memref<3x20xi32>
    } {df.name = "A_window_1"}
  } {df.name = "A_window_0"}
  scf.for %y = %c0 to %c3 step %c1 {
    %c0_3 = arith.constant 0 : index
    %c20 = arith.constant 20 : index
    %c1_4 = arith.constant 1 : index
    scf.for %A_window_1_1 = %c0_3 to %c20 step %c1_4 {
      %c1_6 = arith.constant 1 : index
      %0 = memref.load %A_window[%c1_6, %A_window_1_1] : memref<3x20xi32>
      %c0_7 = arith.constant 0 : index
      memref.store %0, %A_window[%c0_7, %A_window_1_1] : memref<3x20xi32>
      %c2_8 = arith.constant 2 : index
      %1 = memref.load %A_window[%c2_8, %A_window_1_1] : memref<3x20xi32>
      %c1_9 = arith.constant 1 : index
      memref.store %1, %A_window[%c1_9, %A_window_1_1] : memref<3x20xi32>
      %c2_10 = arith.constant 2 : index
      %2 = arith.addi %y, %c2_10 overflow<nsw> : index
      %c2_11 = arith.constant 2 : index
      %3 = memref.load %A[%2, %A_window_1_1] : memref<5x20xi32>
      memref.store %3, %A_window[%c2_11, %A_window_1_1] : memref<3x20xi32>
    } {df.name = "A_window_1_1"}
    %c1_5 = arith.constant 1 : index
    scf.for %x = %c0_0 to %c18 step %c1_5 {
      %c0_i32 = arith.constant 0 : i32
      memref.store %c0_i32, %total[] : memref<i32>
      %c3_6 = arith.constant 3 : index
      %c3_7 = arith.constant 3 : index
      %c0_8 = arith.constant 0 : index
      %c0_9 = arith.constant 0 : index
      %c1_10 = arith.constant 1 : index
      scf.for %r = %c0_8 to %c3_6 step %c1_10 {
        %c1_11 = arith.constant 1 : index
        scf.for %c = %c0_9 to %c3_7 step %c1_11 {
          %1 = memref.load %total[] : memref<i32>
          %2 = arith.addi %x, %c overflow<nsw> : index
          %3 = memref.load %A_window[%r, %2] : memref<3x20xi32>
          %4 = memref.load %F[%r, %c] : memref<3x3xi32>
          %5 = arith.extsi %3 : i32 to i64
          %6 = arith.extsi %4 : i32 to i64
          %7 = arith.muli %5, %6 overflow<nsw> : i64
          %8 = arith.extsi %1 : i32 to i65
          %9 = arith.extsi %7 : i64 to i65
          %10 = arith.addi %8, %9 overflow<nsw> : i65
          %11 = arith.trunci %10 : i65 to i32
          memref.store %11, %total[] : memref<i32>
        } {df.name = "c"}
      } {df.name = "r"}
      %0 = memref.load %total[] : memref<i32>
      memref.store %0, %C[%y, %x] : memref<3x18xi32>
    } {df.name = "x"}
  } {df.name = "y"}
  return
}
