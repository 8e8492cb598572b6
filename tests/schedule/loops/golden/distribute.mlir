// before
func.func private @distances_0(%A: memref<4x4xi16>, %B: memref<4x4xi16>) attributes {df.kernel = "distances", df.parameters = [["A", "array", "int16[4, 4]"], ["B", "array", "int16[4, 4]"]]} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c4_1 = arith.constant 4 : index
    %c1_2 = arith.constant 1 : index
    scf.for %j = %c0_0 to %c4_1 step %c1_2 {
      %0 = arith.subi %i, %j : index
      %1 = arith.index_cast %0 : index to i16
      memref.store %1, %A[%i, %j] : memref<4x4xi16>
    } {df.name = "j"}
    %c0_3 = arith.constant 0 : index
    %c4_4 = arith.constant 4 : index
    %c1_5 = arith.constant 1 : index
    scf.for %k = %c0_3 to %c4_4 step %c1_5 {
      %0 = memref.load %A[%i, %k] : memref<4x4xi16>
      memref.store %0, %B[%i, %k] : memref<4x4xi16>
    } {df.name = "k"}
  } {df.name = "i"}
  return
}

// after
func.func private @distances_0(%A: memref<4x4xi16>, %B: memref<4x4xi16>) attributes {df.kernel = "distances", df.parameters = [["A", "array", "int16[4, 4]"], ["B", "array", "int16[4, 4]"]]} {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c4 step %c1 {
    %c0_3 = arith.constant 0 : index
    %c4_4 = arith.constant 4 : index
    %c1_5 = arith.constant 1 : index
    scf.for %j = %c0_3 to %c4_4 step %c1_5 {
      %0 = arith.subi %i, %j : index
      %1 = arith.index_cast %0 : index to i16
      memref.store %1, %A[%i, %j] : memref<4x4xi16>
    } {df.name = "j"}
  } {df.name = "i"}
  %c0_0 = arith.constant 0 : index
  %c4_1 = arith.constant 4 : index
  %c1_2 = arith.constant 1 : index
  scf.for %i_1 = %c0_0 to %c4_1 step %c1_2 {
    %c0_3 = arith.constant 0 : index
    %c4_4 = arith.constant 4 : index
    %c1_5 = arith.constant 1 : index
    scf.for %k = %c0_3 to %c4_4 step %c1_5 {
      %0 = memref.load %A[%i_1, %k] : memref<4x4xi16>
      memref.store %0, %B[%i_1, %k] : memref<4x4xi16>
    } {df.name = "k"}
  } {df.name = "i_1"}
  return
}
