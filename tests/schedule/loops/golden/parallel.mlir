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
  %total_2 = memref.alloca() {df.name = "total_3", df.type = "int32"} : memref<i32>
  %i = arith.constant 0 : index
  %i_3 = arith.constant 1 : index
  %i_4 = arith.constant 2 : index
  %i_5 = arith.constant 3 : index
  %c0_i32 = arith.constant 0 : i32
  memref.store %c0_i32, %total[] : memref<i32>
  %c0_i32_6 = arith.constant 0 : i32
  memref.store %c0_i32_6, %total_0[] : memref<i32>
  %c0_i32_7 = arith.constant 0 : i32
  memref.store %c0_i32_7, %total_1[] : memref<i32>
  %c0_i32_8 = arith.constant 0 : i32
  memref.store %c0_i32_8, %total_2[] : memref<i32>
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c1 = arith.constant 1 : index
  scf.for %k = %c0 to %c8 step %c1 {
    %8 = memref.load %total[] : memref<i32>
    %9 = memref.load %A[%i, %k] : memref<4x8xi16>
    %10 = arith.extsi %8 : i32 to i33
    %11 = arith.extsi %9 : i16 to i33
    %12 = arith.addi %10, %11 overflow<nsw> : i33
    %13 = arith.trunci %12 : i33 to i32
    memref.store %13, %total[] : memref<i32>
    %14 = memref.load %total_0[] : memref<i32>
    %15 = memref.load %A[%i_3, %k] : memref<4x8xi16>
    %16 = arith.extsi %14 : i32 to i33
    %17 = arith.extsi %15 : i16 to i33
    %18 = arith.addi %16, %17 overflow<nsw> : i33
    %19 = arith.trunci %18 : i33 to i32
    memref.store %19, %total_0[] : memref<i32>
    %20 = memref.load %total_1[] : memref<i32>
    %21 = memref.load %A[%i_4, %k] : memref<4x8xi16>
    %22 = arith.extsi %20 : i32 to i33
    %23 = arith.extsi %21 : i16 to i33
    %24 = arith.addi %22, %23 overflow<nsw> : i33
    %25 = arith.trunci %24 : i33 to i32
    memref.store %25, %total_1[] : memref<i32>
    %26 = memref.load %total_2[] : memref<i32>
    %27 = memref.load %A[%i_5, %k] : memref<4x8xi16>
    %28 = arith.extsi %26 : i32 to i33
    %29 = arith.extsi %27 : i16 to i33
    %30 = arith.addi %28, %29 overflow<nsw> : i33
    %31 = arith.trunci %30 : i33 to i32
    memref.store %31, %total_2[] : memref<i32>
  } {df.name = "k"}
  %0 = memref.load %total[] : memref<i32>
  %1 = arith.trunci %0 : i32 to i16
  memref.store %1, %y[%i] : memref<4xi16>
  %2 = memref.load %total_0[] : memref<i32>
  %3 = arith.trunci %2 : i32 to i16
  memref.store %3, %y[%i_3] : memref<4xi16>
  %4 = memref.load %total_1[] : memref<i32>
  %5 = arith.trunci %4 : i32 to i16
  memref.store %5, %y[%i_4] : memref<4xi16>
  %6 = memref.load %total_2[] : memref<i32>
  %7 = arith.trunci %6 : i32 to i16
  memref.store %7, %y[%i_5] : memref<4xi16>
  return
}
