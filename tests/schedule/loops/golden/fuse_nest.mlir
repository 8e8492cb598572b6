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
  %c24 = arith.constant 24 : index
  %c1 = arith.constant 1 : index
  scf.for %i.j = %c0 to %c24 step %c1 {
    %c6 = arith.constant 6 : index
    %c6_0 = arith.constant 6 : index
    %c0_1 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c1_2 = arith.constant 1 : index
    scf.for %k = %c0_1 to %c8 step %c1_2 {
      %0 = arith.remsi %i.j, %c6 {df.range = [0, 5]} : index
      %1 = arith.floordivsi %i.j, %c6_0 {df.range = [0, 3]} : index
      %2 = memref.load %C[%1, %0] : memref<4x6xi32>
      %3 = memref.load %A[%1, %k] : memref<4x8xi8>
      %4 = memref.load %B[%k, %0] : memref<8x6xi8>
      %5 = arith.extsi %3 : i8 to i16
      %6 = arith.extsi %4 : i8 to i16
      %7 = arith.muli %5, %6 overflow<nsw> : i16
      %8 = arith.extsi %2 : i32 to i33
      %9 = arith.extsi %7 : i16 to i33
      %10 = arith.addi %8, %9 overflow<nsw> : i33
      %11 = arith.trunci %10 : i33 to i32
      memref.store %11, %C[%1, %0] : memref<4x6xi32>
    } {df.name = "k"}
  } {df.name = "i.j"}
  return
}
