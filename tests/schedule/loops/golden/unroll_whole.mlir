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
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_i32 = arith.constant 0 : i32
    memref.store %c0_i32, %total[] : memref<i32>
    %k = arith.constant 0 : index
    %0 = memref.load %total[] : memref<i32>
    %1 = memref.load %A[%i, %k] : memref<4x8xi16>
    %2 = arith.extsi %0 : i32 to i33
    %3 = arith.extsi %1 : i16 to i33
    %4 = arith.addi %2, %3 overflow<nsw> : i33
    %5 = arith.trunci %4 : i33 to i32
    memref.store %5, %total[] : memref<i32>
    %k_0 = arith.constant 1 : index
    %6 = memref.load %total[] : memref<i32>
    %7 = memref.load %A[%i, %k_0] : memref<4x8xi16>
    %8 = arith.extsi %6 : i32 to i33
    %9 = arith.extsi %7 : i16 to i33
    %10 = arith.addi %8, %9 overflow<nsw> : i33
    %11 = arith.trunci %10 : i33 to i32
    memref.store %11, %total[] : memref<i32>
    %k_1 = arith.constant 2 : index
    %12 = memref.load %total[] : memref<i32>
    %13 = memref.load %A[%i, %k_1] : memref<4x8xi16>
    %14 = arith.extsi %12 : i32 to i33
    %15 = arith.extsi %13 : i16 to i33
    %16 = arith.addi %14, %15 overflow<nsw> : i33
    %17 = arith.trunci %16 : i33 to i32
    memref.store %17, %total[] : memref<i32>
    %k_2 = arith.constant 3 : index
    %18 = memref.load %total[] : memref<i32>
    %19 = memref.load %A[%i, %k_2] : memref<4x8xi16>
    %20 = arith.extsi %18 : i32 to i33
    %21 = arith.extsi %19 : i16 to i33
    %22 = arith.addi %20, %21 overflow<nsw> : i33
    %23 = arith.trunci %22 : i33 to i32
    memref.store %23, %total[] : memref<i32>
    %k_3 = arith.constant 4 : index
    %24 = memref.load %total[] : memref<i32>
    %25 = memref.load %A[%i, %k_3] : memref<4x8xi16>
    %26 = arith.extsi %24 : i32 to i33
    %27 = arith.extsi %25 : i16 to i33
    %28 = arith.addi %26, %27 overflow<nsw> : i33
    %29 = arith.trunci %28 : i33 to i32
    memref.store %29, %total[] : memref<i32>
    %k_4 = arith.constant 5 : index
    %30 = memref.load %total[] : memref<i32>
    %31 = memref.load %A[%i, %k_4] : memref<4x8xi16>
    %32 = arith.extsi %30 : i32 to i33
    %33 = arith.extsi %31 : i16 to i33
    %34 = arith.addi %32, %33 overflow<nsw> : i33
    %35 = arith.trunci %34 : i33 to i32
    memref.store %35, %total[] : memref<i32>
    %k_5 = arith.constant 6 : index
    %36 = memref.load %total[] : memref<i32>
    %37 = memref.load %A[%i, %k_5] : memref<4x8xi16>
    %38 = arith.extsi %36 : i32 to i33
    %39 = arith.extsi %37 : i16 to i33
    %40 = arith.addi %38, %39 overflow<nsw> : i33
    %41 = arith.trunci %40 : i33 to i32
    memref.store %41, %total[] : memref<i32>
    %k_6 = arith.constant 7 : index
    %42 = memref.load %total[] : memref<i32>
    %43 = memref.load %A[%i, %k_6] : memref<4x8xi16>
    %44 = arith.extsi %42 : i32 to i33
    %45 = arith.extsi %43 : i16 to i33
    %46 = arith.addi %44, %45 overflow<nsw> : i33
    %47 = arith.trunci %46 : i33 to i32
    memref.store %47, %total[] : memref<i32>
    %48 = memref.load %total[] : memref<i32>
    %49 = arith.trunci %48 : i32 to i16
    memref.store %49, %y[%i] : memref<4xi16>
  } {df.name = "i"}
  return
}
