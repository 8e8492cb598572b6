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
    %c2 = arith.constant 2 : index
    %c1_1 = arith.constant 1 : index
    scf.for %j.outer = %c0_0 to %c2 step %c1_1 {
      %c0_2 = arith.constant 0 : index
      %c3 = arith.constant 3 : index
      %c1_3 = arith.constant 1 : index
      scf.for %j.inner = %c0_2 to %c3 step %c1_3 {
        %c3_4 = arith.constant 3 : index
        %c0_5 = arith.constant 0 : index
        %c8 = arith.constant 8 : index
        %c1_6 = arith.constant 1 : index
        scf.for %k = %c0_5 to %c8 step %c1_6 {
          %0 = arith.muli %j.outer, %c3_4 overflow<nsw> : index
          %j = arith.addi %0, %j.inner overflow<nsw> {df.range = [0, 5]} : index
          %1 = memref.load %C[%i, %j] : memref<4x6xi32>
          %2 = memref.load %A[%i, %k] : memref<4x8xi8>
          %3 = memref.load %B[%k, %j] : memref<8x6xi8>
          %4 = arith.extsi %2 : i8 to i16
          %5 = arith.extsi %3 : i8 to i16
          %6 = arith.muli %4, %5 overflow<nsw> : i16
          %7 = arith.extsi %1 : i32 to i33
          %8 = arith.extsi %6 : i16 to i33
          %9 = arith.addi %7, %8 overflow<nsw> : i33
          %10 = arith.trunci %9 : i33 to i32
          memref.store %10, %C[%i, %j] : memref<4x6xi32>
        } {df.name = "k"}
      } {df.name = "j.inner"}
    } {df.name = "j.outer"}
  } {df.name = "i"}
  return
}
