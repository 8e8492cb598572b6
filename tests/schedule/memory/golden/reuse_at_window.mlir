// before
func.func private @body_0(%A: memref<6x10xi32>, %F: memref<3x3xi32>, %C: memref<4x8xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[6, 10]"], ["F", "array", "int32[3, 3]"], ["C", "array", "int32[4, 8]"]]} {
  %total = memref.alloca() {df.name = "total", df.type = "int32"} : memref<i32>
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %c0 = arith.constant 0 : index
  %c0_0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %y = %c0 to %c4 step %c1 {
    %c1_1 = arith.constant 1 : index
    scf.for %x = %c0_0 to %c8 step %c1_1 {
      %c0_i32 = arith.constant 0 : i32
      memref.store %c0_i32, %total[] : memref<i32>
      %c3 = arith.constant 3 : index
      %c3_2 = arith.constant 3 : index
      %c0_3 = arith.constant 0 : index
      %c0_4 = arith.constant 0 : index
      %c1_5 = arith.constant 1 : index
      scf.for %r = %c0_3 to %c3 step %c1_5 {
        %c1_6 = arith.constant 1 : index
        scf.for %c = %c0_4 to %c3_2 step %c1_6 {
          %1 = memref.load %total[] : memref<i32>
          %2 = arith.addi %y, %r : index
          %3 = arith.addi %x, %c : index
          %4 = memref.load %A[%2, %3] : memref<6x10xi32>
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
      memref.store %0, %C[%y, %x] : memref<4x8xi32>
    } {df.name = "x"}
  } {df.name = "y"}
  return
}

// after
func.func private @body_0(%A: memref<6x10xi32>, %F: memref<3x3xi32>, %C: memref<4x8xi32>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int32[6, 10]"], ["F", "array", "int32[3, 3]"], ["C", "array", "int32[4, 8]"]]} {
  %A_window_window = memref.alloca() {df.name = "A_window_window", df.type = "int32[3, 3]"} : memref<3x3xi32>
  %A_window = memref.alloca() {df.name = "A_window", df.type = "int32[3, 10]"} : memref<3x10xi32>
  %total = memref.alloca() {df.name = "total", df.type = "int32"} : memref<i32>
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %c0 = arith.constant 0 : index
  %c0_0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c0_1 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c1_2 = arith.constant 1 : index
  scf.for %A_window_0 = %c0_1 to %c2 step %c1_2 {
    %c0_3 = arith.constant 0 : index
    %c10 = arith.constant 10 : index
    %c1_4 = arith.constant 1 : index
    scf.for %A_window_1 = %c0_3 to %c10 step %c1_4 {
      %0 = memref.load %A[%A_window_0, %A_window_1] : memref<6x10xi32>
      %c1_5 = arith.constant 1 : index
      %1 = arith.addi %A_window_0, %c1_5 overflow<nsw> : index
      memref.store %0, %A_window[%1, %A_window_1] : memref<3x10xi32>
    } {df.name = "A_window_1"}
  } {df.name = "A_window_0"}
  scf.for %y = %c0 to %c4 step %c1 {
    %c0_3 = arith.constant 0 : index
    %c10 = arith.constant 10 : index
    %c1_4 = arith.constant 1 : index
    scf.for %A_window_1_1 = %c0_3 to %c10 step %c1_4 {
      %c1_8 = arith.constant 1 : index
      %0 = memref.load %A_window[%c1_8, %A_window_1_1] : memref<3x10xi32>
      %c0_9 = arith.constant 0 : index
      memref.store %0, %A_window[%c0_9, %A_window_1_1] : memref<3x10xi32>
      %c2_10 = arith.constant 2 : index
      %1 = memref.load %A_window[%c2_10, %A_window_1_1] : memref<3x10xi32>
      %c1_11 = arith.constant 1 : index
      memref.store %1, %A_window[%c1_11, %A_window_1_1] : memref<3x10xi32>
      %c2_12 = arith.constant 2 : index
      %2 = arith.addi %y, %c2_12 overflow<nsw> : index
      %3 = memref.load %A[%2, %A_window_1_1] : memref<6x10xi32>
      %c2_13 = arith.constant 2 : index
      memref.store %3, %A_window[%c2_13, %A_window_1_1] : memref<3x10xi32>
    } {df.name = "A_window_1_1"}
    %c1_5 = arith.constant 1 : index
    %c0_6 = arith.constant 0 : index
    %c3 = arith.constant 3 : index
    %c1_7 = arith.constant 1 : index
    scf.for %A_window_window_0 = %c0_6 to %c3 step %c1_7 {
      %c0_8 = arith.constant 0 : index
      %c2_9 = arith.constant 2 : index
      %c1_10 = arith.constant 1 : index
      scf.for %A_window_window_1 = %c0_8 to %c2_9 step %c1_10 {
        %0 = memref.load %A_window[%A_window_window_0, %A_window_window_1] : memref<3x10xi32>
        %c1_11 = arith.constant 1 : index
        %1 = arith.addi %A_window_window_1, %c1_11 overflow<nsw> : index
        memref.store %0, %A_window_window[%A_window_window_0, %1] : memref<3x3xi32>
      } {df.name = "A_window_window_1"}
    } {df.name = "A_window_window_0"}
    scf.for %x = %c0_0 to %c8 step %c1_5 {
      %c0_8 = arith.constant 0 : index
      %c3_9 = arith.constant 3 : index
      %c1_10 = arith.constant 1 : index
      scf.for %A_window_window_0_1 = %c0_8 to %c3_9 step %c1_10 {
        %c1_16 = arith.constant 1 : index
        %1 = memref.load %A_window_window[%A_window_window_0_1, %c1_16] : memref<3x3xi32>
        %c0_17 = arith.constant 0 : index
        memref.store %1, %A_window_window[%A_window_window_0_1, %c0_17] : memref<3x3xi32>
        %c2_18 = arith.constant 2 : index
        %2 = memref.load %A_window_window[%A_window_window_0_1, %c2_18] : memref<3x3xi32>
        %c1_19 = arith.constant 1 : index
        memref.store %2, %A_window_window[%A_window_window_0_1, %c1_19] : memref<3x3xi32>
        %c2_20 = arith.constant 2 : index
        %3 = arith.addi %x, %c2_20 overflow<nsw> : index
        %4 = memref.load %A_window[%A_window_window_0_1, %3] : memref<3x10xi32>
        %c2_21 = arith.constant 2 : index
        memref.store %4, %A_window_window[%A_window_window_0_1, %c2_21] : memref<3x3xi32>
      } {df.name = "A_window_window_0_1"}
      %c0_i32 = arith.constant 0 : i32
      memref.store %c0_i32, %total[] : memref<i32>
      %c3_11 = arith.constant 3 : index
      %c3_12 = arith.constant 3 : index
      %c0_13 = arith.constant 0 : index
      %c0_14 = arith.constant 0 : index
      %c1_15 = arith.constant 1 : index
      scf.for %r = %c0_13 to %c3_11 step %c1_15 {
        %c1_16 = arith.constant 1 : index
        scf.for %c = %c0_14 to %c3_12 step %c1_16 {
          %1 = memref.load %total[] : memref<i32>
          %2 = memref.load %A_window_window[%r, %c] : memref<3x3xi32>
          %3 = memref.load %F[%r, %c] : memref<3x3xi32>
          %4 = arith.extsi %2 : i32 to i64
          %5 = arith.extsi %3 : i32 to i64
          %6 = arith.muli %4, %5 overflow<nsw> : i64
          %7 = arith.extsi %1 : i32 to i65
          %8 = arith.extsi %6 : i64 to i65
          %9 = arith.addi %7, %8 overflow<nsw> : i65
          %10 = arith.trunci %9 : i65 to i32
          memref.store %10, %total[] : memref<i32>
        } {df.name = "c"}
      } {df.name = "r"}
      %0 = memref.load %total[] : memref<i32>
      memref.store %0, %C[%y, %x] : memref<4x8xi32>
    } {df.name = "x"}
  } {df.name = "y"}
  return
}
