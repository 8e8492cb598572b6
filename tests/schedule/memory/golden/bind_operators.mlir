// before
func.func private @body_0(%A: memref<4x8xi8>, %B: memref<8x4xi8>, %C: memref<4x4xi16>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int8[4, 8]"], ["B", "array", "int8[8, 4]"], ["C", "array", "int16[4, 4]"]]} {
  %c4 = arith.constant 4 : index
  %c4_0 = arith.constant 4 : index
  %c0 = arith.constant 0 : index
  %c0_1 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c1_2 = arith.constant 1 : index
    scf.for %j = %c0_1 to %c4_0 step %c1_2 {
      %c0_3 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %c1_4 = arith.constant 1 : index
      scf.for %k = %c0_3 to %c8 step %c1_4 {
        %0 = memref.load %C[%i, %j] : memref<4x4xi16>
        %1 = memref.load %A[%i, %k] : memref<4x8xi8>
        %2 = memref.load %B[%k, %j] : memref<8x4xi8>
        %3 = arith.extsi %1 : i8 to i16
        %4 = arith.extsi %2 : i8 to i16
        %5 = arith.muli %3, %4 overflow<nsw> : i16
        %6 = arith.extsi %0 : i16 to i17
        %7 = arith.extsi %5 : i16 to i17
        %8 = arith.addi %6, %7 overflow<nsw> : i17
        %9 = arith.trunci %8 : i17 to i16
        memref.store %9, %C[%i, %j] : memref<4x4xi16>
      } {df.name = "k"}
    } {df.name = "j"}
  } {df.band = 2 : i64, df.label = "PE", df.name = "i"}
  return
}

// after
func.func private @body_0(%A: memref<4x8xi8>, %B: memref<8x4xi8>, %C: memref<4x4xi16>) attributes {df.kernel = "body", df.parameters = [["A", "array", "int8[4, 8]"], ["B", "array", "int8[8, 4]"], ["C", "array", "int16[4, 4]"]]} {
  %c4 = arith.constant 4 : index
  %c4_0 = arith.constant 4 : index
  %c0 = arith.constant 0 : index
  %c0_1 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c1_2 = arith.constant 1 : index
    scf.for %j = %c0_1 to %c4_0 step %c1_2 {
      %c0_3 = arith.constant 0 : index
      %c8 = arith.constant 8 : index
      %c1_4 = arith.constant 1 : index
      scf.for %k = %c0_3 to %c8 step %c1_4 {
        %0 = memref.load %C[%i, %j] : memref<4x4xi16>
        %1 = memref.load %A[%i, %k] : memref<4x8xi8>
        %2 = memref.load %B[%k, %j] : memref<8x4xi8>
        %3 = arith.extsi %1 : i8 to i16
        %4 = arith.extsi %2 : i8 to i16
        %5 = arith.muli %3, %4 overflow<nsw> {df.impl = "fabric"} : i16
        %6 = arith.extsi %0 : i16 to i17
        %7 = arith.extsi %5 : i16 to i17
        %8 = arith.addi %6, %7 overflow<nsw> : i17
        %9 = arith.trunci %8 : i17 to i16
        memref.store %9, %C[%i, %j] : memref<4x4xi16>
      } {df.name = "k"}
    } {df.name = "j"}
  } {df.band = 2 : i64, df.label = "PE", df.name = "i"}
  return
}
