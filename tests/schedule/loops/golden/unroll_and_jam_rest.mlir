// before
func.func private @rows_0(%A: memref<4x8xi16>, %y: memref<4xi16>) attributes {df.kernel = "rows", df.parameters = [["A", "array", "int16[4, 8]"], ["y", "array", "int16[4]"]]} {
  %total = memref.alloca() {df.name = "total", df.type = "int32"} : memref<i32>
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_i32 = arith.constant 0 : i32
    memref.store %c0_i32, %total[] : memref<i32>
    %c0_0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1_1 = arith.constant 1 : index
    scf.for %k = %c0_0 to %c8 step %c1_1 {
      %2 = memref.load %total[] : memref<i32>
      %3 = memref.load %A[%i, %k] : memref<4x8xi16>
      %4 = arith.extsi %2 : i32 to i33
      %5 = arith.extsi %3 : i16 to i33
      %6 = arith.addi %4, %5 overflow<nsw> : i33
      %7 = arith.trunci %6 : i33 to i32
      memref.store %7, %total[] : memref<i32>
    } {df.name = "k"}
    %0 = memref.load %total[] : memref<i32>
    %1 = arith.trunci %0 : i32 to i16
    memref.store %1, %y[%i] : memref<4xi16>
  } {df.name = "i"}
  return
}

// after
func.func private @rows_0(%A: memref<4x8xi16>, %y: memref<4xi16>) attributes {df.kernel = "rows", df.parameters = [["A", "array", "int16[4, 8]"], ["y", "array", "int16[4]"]]} {
  %total = memref.alloca() {df.name = "total", df.type = "int32"} : memref<i32>
  %total_0 = memref.alloca() {df.name = "total_1", df.type = "int32"} : memref<i32>
  %total_1 = memref.alloca() {df.name = "total_2", df.type = "int32"} : memref<i32>
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c3_2 = arith.constant 3 : index
  scf.for %i = %c0 to %c3 step %c3_2 {
    %c1_4 = arith.constant 1 : index
    %i_5 = arith.addi %i, %c1_4 overflow<nsw> : index
    %c2 = arith.constant 2 : index
    %i_6 = arith.addi %i, %c2 overflow<nsw> : index
    %c0_i32 = arith.constant 0 : i32
    memref.store %c0_i32, %total[] : memref<i32>
    %c0_i32_7 = arith.constant 0 : i32
    memref.store %c0_i32_7, %total_0[] : memref<i32>
    %c0_i32_8 = arith.constant 0 : i32
    memref.store %c0_i32_8, %total_1[] : memref<i32>
    %c0_9 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1_10 = arith.constant 1 : index
    scf.for %k = %c0_9 to %c8 step %c1_10 {
      %6 = memref.load %total[] : memref<i32>
      %7 = memref.load %A[%i, %k] : memref<4x8xi16>
      %8 = arith.extsi %6 : i32 to i33
      %9 = arith.extsi %7 : i16 to i33
      %10 = arith.addi %8, %9 overflow<nsw> : i33
      %11 = arith.trunci %10 : i33 to i32
      memref.store %11, %total[] : memref<i32>
      %12 = memref.load %total_0[] : memref<i32>
      %13 = memref.load %A[%i_5, %k] : memref<4x8xi16>
      %14 = arith.extsi %12 : i32 to i33
      %15 = arith.extsi %13 : i16 to i33
      %16 = arith.addi %14, %15 overflow<nsw> : i33
      %17 = arith.trunci %16 : i33 to i32
      memref.store %17, %total_0[] : memref<i32>
      %18 = memref.load %total_1[] : memref<i32>
      %19 = memref.load %A[%i_6, %k] : memref<4x8xi16>
      %20 = arith.extsi %18 : i32 to i33
      %21 = arith.extsi %19 : i16 to i33
      %22 = arith.addi %20, %21 overflow<nsw> : i33
      %23 = arith.trunci %22 : i33 to i32
      memref.store %23, %total_1[] : memref<i32>
    } {df.name = "k"}
    %0 = memref.load %total[] : memref<i32>
    %1 = arith.trunci %0 : i32 to i16
    memref.store %1, %y[%i] : memref<4xi16>
    %2 = memref.load %total_0[] : memref<i32>
    %3 = arith.trunci %2 : i32 to i16
    memref.store %3, %y[%i_5] : memref<4xi16>
    %4 = memref.load %total_1[] : memref<i32>
    %5 = arith.trunci %4 : i32 to i16
    memref.store %5, %y[%i_6] : memref<4xi16>
  } {df.name = "i"}
  %c3_3 = arith.constant 3 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i.rest = %c3_3 to %c4 step %c1 {
    %c0_i32 = arith.constant 0 : i32
    memref.store %c0_i32, %total[] : memref<i32>
    %c0_4 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1_5 = arith.constant 1 : index
    scf.for %k_1 = %c0_4 to %c8 step %c1_5 {
      %2 = memref.load %total[] : memref<i32>
      %3 = memref.load %A[%i.rest, %k_1] : memref<4x8xi16>
      %4 = arith.extsi %2 : i32 to i33
      %5 = arith.extsi %3 : i16 to i33
      %6 = arith.addi %4, %5 overflow<nsw> : i33
      %7 = arith.trunci %6 : i33 to i32
      memref.store %7, %total[] : memref<i32>
    } {df.name = "k_1"}
    %0 = memref.load %total[] : memref<i32>
    %1 = arith.trunci %0 : i32 to i16
    memref.store %1, %y[%i.rest] : memref<4xi16>
  } {df.name = "i.rest"}
  return
}
