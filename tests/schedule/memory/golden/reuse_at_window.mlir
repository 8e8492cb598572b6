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
  %A_window_window = memref.alloca() {df.name = "A_window_window", df.type = "int32[3, 3]"} : memref<3x3xi32>
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
      %c1_9 = arith.constant 1 : index
      %0 = memref.load %A_window[%c1_9, %A_window_1_1] : memref<3x20xi32>
      %c0_10 = arith.constant 0 : index
      memref.store %0, %A_window[%c0_10, %A_window_1_1] : memref<3x20xi32>
      %c2_11 = arith.constant 2 : index
      %1 = memref.load %A_window[%c2_11, %A_window_1_1] : memref<3x20xi32>
      %c1_12 = arith.constant 1 : index
      memref.store %1, %A_window[%c1_12, %A_window_1_1] : memref<3x20xi32>
      %c2_13 = arith.constant 2 : index
      %2 = arith.addi %y, %c2_13 overflow<nsw> : index
      %c2_14 = arith.constant 2 : index
      %3 = memref.load %A[%2, %A_window_1_1] : memref<5x20xi32>
      memref.store %3, %A_window[%c2_14, %A_window_1_1] : memref<3x20xi32>
    } {df.name = "A_window_1_1"}
    %c1_5 = arith.constant 1 : index
    %c0_6 = arith.constant 0 : index
    %c3_7 = arith.constant 3 : index
    %c1_8 = arith.constant 1 : index
    scf.for %A_window_window_0 = %c0_6 to %c3_7 step %c1_8 {
      %c0_9 = arith.constant 0 : index
      %c2_10 = arith.constant 2 : index
      %c1_11 = arith.constant 1 : index
      scf.for %A_window_window_1 = %c0_9 to %c2_10 step %c1_11 {
        %0 = memref.load %A_window[%A_window_window_0, %A_window_window_1] : memref<3x20xi32>
        memref.store %0, %A_window_window[%A_window_window_0, %A_window_window_1] : memref<3x3xi32>
      } {df.name = "A_window_window_1"}
    } {df.name = "A_window_window_0"}
    scf.for %x = %c0_0 to %c18 step %c1_5 {
      %c0_9 = arith.constant 0 : index
      %c2_10 = arith.constant 2 : index
      %0 = arith.addi %x, %c2_10 overflow<nsw> : index
      %c0_11 = arith.constant 0 : index
      %c2_12 = arith.constant 2 : index
      %1 = memref.load %A_window[%c0_9, %0] : memref<3x20xi32>
      memref.store %1, %A_window_window[%c0_11, %c2_12] : memref<3x3xi32>
      %c1_13 = arith.constant 1 : index
      %c2_14 = arith.constant 2 : index
      %2 = arith.addi %x, %c2_14 overflow<nsw> : index
      %c1_15 = arith.constant 1 : index
      %c2_16 = arith.constant 2 : index
      %3 = memref.load %A_window[%c1_13, %2] : memref<3x20xi32>
      memref.store %3, %A_window_window[%c1_15, %c2_16] : memref<3x3xi32>
      %c2_17 = arith.constant 2 : index
      %c2_18 = arith.constant 2 : index
      %4 = arith.addi %x, %c2_18 overflow<nsw> : index
      %c2_19 = arith.constant 2 : index
      %c2_20 = arith.constant 2 : index
      %5 = memref.load %A_window[%c2_17, %4] : memref<3x20xi32>
      memref.store %5, %A_window_window[%c2_19, %c2_20] : memref<3x3xi32>
      %c0_i32 = arith.constant 0 : i32
      memref.store %c0_i32, %total[] : memref<i32>
      %c3_21 = arith.constant 3 : index
      %c3_22 = arith.constant 3 : index
      %c0_23 = arith.constant 0 : index
      %c0_24 = arith.constant 0 : index
      %c1_25 = arith.constant 1 : index
      scf.for %r = %c0_23 to %c3_21 step %c1_25 {
        %c1_50 = arith.constant 1 : index
        scf.for %c = %c0_24 to %c3_22 step %c1_50 {
          %13 = memref.load %total[] : memref<i32>
          %14 = memref.load %A_window_window[%r, %c] : memref<3x3xi32>
          %15 = memref.load %F[%r, %c] : memref<3x3xi32>
          %16 = arith.extsi %14 : i32 to i64
          %17 = arith.extsi %15 : i32 to i64
          %18 = arith.muli %16, %17 overflow<nsw> : i64
          %19 = arith.extsi %13 : i32 to i65
          %20 = arith.extsi %18 : i64 to i65
          %21 = arith.addi %19, %20 overflow<nsw> : i65
          %22 = arith.trunci %21 : i65 to i32
          memref.store %22, %total[] : memref<i32>
        } {df.name = "c"}
      } {df.name = "r"}
      %6 = memref.load %total[] : memref<i32>
      memref.store %6, %C[%y, %x] : memref<3x18xi32>
      %c0_26 = arith.constant 0 : index
      %c1_27 = arith.constant 1 : index
      %7 = memref.load %A_window_window[%c0_26, %c1_27] : memref<3x3xi32>
      %c0_28 = arith.constant 0 : index
      %c0_29 = arith.constant 0 : index
      memref.store %7, %A_window_window[%c0_28, %c0_29] : memref<3x3xi32>
      %c0_30 = arith.constant 0 : index
      %c2_31 = arith.constant 2 : index
      %8 = memref.load %A_window_window[%c0_30, %c2_31] : memref<3x3xi32>
      %c0_32 = arith.constant 0 : index
      %c1_33 = arith.constant 1 : index
      memref.store %8, %A_window_window[%c0_32, %c1_33] : memref<3x3xi32>
      %c1_34 = arith.constant 1 : index
      %c1_35 = arith.constant 1 : index
      %9 = memref.load %A_window_window[%c1_34, %c1_35] : memref<3x3xi32>
      %c1_36 = arith.constant 1 : index
      %c0_37 = arith.constant 0 : index
      memref.store %9, %A_window_window[%c1_36, %c0_37] : memref<3x3xi32>
      %c1_38 = arith.constant 1 : index
      %c2_39 = arith.constant 2 : index
      %10 = memref.load %A_window_window[%c1_38, %c2_39] : memref<3x3xi32>
      %c1_40 = arith.constant 1 : index
      %c1_41 = arith.constant 1 : index
      memref.store %10, %A_window_window[%c1_40, %c1_41] : memref<3x3xi32>
      %c2_42 = arith.constant 2 : index
      %c1_43 = arith.constant 1 : index
      %11 = memref.load %A_window_window[%c2_42, %c1_43] : memref<3x3xi32>
      %c2_44 = arith.constant 2 : index
      %c0_45 = arith.constant 0 : index
      memref.store %11, %A_window_window[%c2_44, %c0_45] : memref<3x3xi32>
      %c2_46 = arith.constant 2 : index
      %c2_47 = arith.constant 2 : index
      %12 = memref.load %A_window_window[%c2_46, %c2_47] : memref<3x3xi32>
      %c2_48 = arith.constant 2 : index
      %c1_49 = arith.constant 1 : index
      memref.store %12, %A_window_window[%c2_48, %c1_49] : memref<3x3xi32>
    } {df.name = "x"}
  } {df.name = "y"}
  return
}
