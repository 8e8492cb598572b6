// before
func.func private @matmul_0(%A: memref<4x8xi8>, %B: memref<8x6xi8>, %C: memref<4x6xi32>) attributes {df.kernel = "matmul", df.parameters = [["A", "array", "int8[4, 8]"], ["B", "array", "int8[8, 6]"], ["C", "array", "int32[4, 6]"]]} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c6 = arith.constant 6 : index
    %c1_1 = arith.constant 1 : index
    scf.for %j = %c0_0 to %c6 step %c1_1 {
      %c0_2 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %c1_3 = arith.constant 1 : index
      scf.for %k = %c0_2 to %c8 step %c1_3 {
        %0 = memref.load %C[%i, %j] : memref<4x6xi32>
        %1 = memref.load %A[%i, %k] : memref<4x8xi8>
        %2 = memref.load %B[%k, %j] : memref<8x6xi8>
        %3 = arith.extsi %1 : i8 to i16
        %4 = arith.extsi %2 : i8 to i16
        %5 = arith.muli %3, %4 overflow<nsw> : i16
        %6 = arith.extsi %0 : i32 to i33
        %7 = arith.extsi %5 : i16 to i33
        %8 = arith.addi %6, %7 overflow<nsw> : i33
        %9 = arith.trunci %8 : i33 to i32
        memref.store %9, %C[%i, %j] : memref<4x6xi32>
      } {df.name = "k"}
    } {df.name = "j"}
  } {df.name = "i"}
  return
}

// after
func.func private @matmul_0(%A: memref<4x8xi8>, %B: memref<8x6xi8>, %C: memref<4x6xi32>) attributes {df.kernel = "matmul", df.parameters = [["A", "array", "int8[4, 8]"], ["B", "array", "int8[8, 6]"], ["C", "array", "int32[4, 6]"]]} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c6 = arith.constant 6 : index
    %c2 = arith.constant 2 : index
    scf.for %j = %c0_0 to %c6 step %c2 {
      %c1_1 = arith.constant 1 : index
      %c0_2 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %c1_3 = arith.constant 1 : index
      scf.for %k = %c0_2 to %c8 step %c1_3 {
        %j_4 = arith.addi %j, %c1_1 overflow<nsw> : index
        %0 = memref.load %C[%i, %j] : memref<4x6xi32>
        %1 = memref.load %A[%i, %k] : memref<4x8xi8>
        %2 = memref.load %B[%k, %j] : memref<8x6xi8>
        %3 = arith.extsi %1 : i8 to i16
        %4 = arith.extsi %2 : i8 to i16
        %5 = arith.muli %3, %4 overflow<nsw> : i16
        %6 = arith.extsi %0 : i32 to i33
        %7 = arith.extsi %5 : i16 to i33
        %8 = arith.addi %6, %7 overflow<nsw> : i33
        %9 = arith.trunci %8 : i33 to i32
        memref.store %9, %C[%i, %j] : memref<4x6xi32>
        %10 = memref.load %C[%i, %j_4] : memref<4x6xi32>
        %11 = memref.load %A[%i, %k] : memref<4x8xi8>
        %12 = memref.load %B[%k, %j_4] : memref<8x6xi8>
        %13 = arith.extsi %11 : i8 to i16
        %14 = arith.extsi %12 : i8 to i16
        %15 = arith.muli %13, %14 overflow<nsw> : i16
        %16 = arith.extsi %10 : i32 to i33
        %17 = arith.extsi %15 : i16 to i33
        %18 = arith.addi %16, %17 overflow<nsw> : i33
        %19 = arith.trunci %18 : i33 to i32
        memref.store %19, %C[%i, %j_4] : memref<4x6xi32>
      } {df.name = "k"}
    } {df.name = "j"}
  } {df.name = "i"}
  return
}
