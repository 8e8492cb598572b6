// before
func.func private @two_0(%A: memref<8xi16>, %B: memref<8xi16>, %C: memref<8xi16>) attributes {df.kernel = "two", df.parameters = [["A", "array", "int16[8]"], ["B", "array", "int16[8]"], ["C", "array", "int16[8]"]]} {
  %c0 = arith.constant 0 : index
  %c7 = arith.constant 7 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c7 step %c1 {
    %0 = memref.load %A[%i] : memref<8xi16>
    %c1_i16 = arith.constant 1 : i16
    %1 = arith.extsi %0 : i16 to i17
    %2 = arith.extsi %c1_i16 : i16 to i17
    %3 = arith.addi %1, %2 overflow<nsw> : i17
    %4 = arith.trunci %3 : i17 to i16
    memref.store %4, %B[%i] : memref<8xi16>
  } {df.name = "i"}
  %c0_0 = arith.constant 0 : index
  %c7_1 = arith.constant 7 : index
  %c1_2 = arith.constant 1 : index
  scf.for %j = %c0_0 to %c7_1 step %c1_2 {
    %0 = memref.load %B[%j] : memref<8xi16>
    memref.store %0, %C[%j] : memref<8xi16>
  } {df.name = "j"}
  %c0_3 = arith.constant 0 : index
  %c7_4 = arith.constant 7 : index
  %c1_5 = arith.constant 1 : index
  scf.for %k = %c0_3 to %c7_4 step %c1_5 {
    %c1_6 = arith.constant 1 : index
    %0 = arith.addi %k, %c1_6 : index
    %1 = memref.load %C[%0] : memref<8xi16>
    memref.store %1, %A[%k] : memref<8xi16>
  } {df.name = "k"}
  return
}

// after
func.func private @two_0(%A: memref<8xi16>, %B: memref<8xi16>, %C: memref<8xi16>) attributes {df.kernel = "two", df.parameters = [["A", "array", "int16[8]"], ["B", "array", "int16[8]"], ["C", "array", "int16[8]"]]} {
  %c0 = arith.constant 0 : index
  %c7 = arith.constant 7 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c7 step %c1 {
    %0 = memref.load %A[%i] : memref<8xi16>
    %c1_i16 = arith.constant 1 : i16
    %1 = arith.extsi %0 : i16 to i17
    %2 = arith.extsi %c1_i16 : i16 to i17
    %3 = arith.addi %1, %2 overflow<nsw> : i17
    %4 = arith.trunci %3 : i17 to i16
    memref.store %4, %B[%i] : memref<8xi16>
    %5 = memref.load %B[%i] : memref<8xi16>
    memref.store %5, %C[%i] : memref<8xi16>
  } {df.name = "i"}
  %c0_0 = arith.constant 0 : index
  %c7_1 = arith.constant 7 : index
  %c1_2 = arith.constant 1 : index
  scf.for %k = %c0_0 to %c7_1 step %c1_2 {
    %c1_3 = arith.constant 1 : index
    %0 = arith.addi %k, %c1_3 : index
    %1 = memref.load %C[%0] : memref<8xi16>
    memref.store %1, %A[%k] : memref<8xi16>
  } {df.name = "k"}
  return
}
