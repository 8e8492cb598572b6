// before
func.func private @lower_0(%A: memref<6x6xi16>, %B: memref<6xi16>) attributes {df.kernel = "lower", df.parameters = [["A", "array", "int16[6, 6]"], ["B", "array", "int16[6]"]]} {
  %c0 = arith.constant 0 : index
  %c6 = arith.constant 6 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c6 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c1_1 = arith.constant 1 : index
    %0 = arith.addi %i, %c1_1 : index
    %c1_2 = arith.constant 1 : index
    scf.for %j = %c0_0 to %0 step %c1_2 {
      %1 = memref.load %A[%i, %j] : memref<6x6xi16>
      %2 = memref.load %B[%j] : memref<6xi16>
      %3 = arith.extsi %1 : i16 to i17
      %4 = arith.extsi %2 : i16 to i17
      %5 = arith.addi %3, %4 overflow<nsw> : i17
      %6 = arith.trunci %5 : i17 to i16
      memref.store %6, %A[%i, %j] : memref<6x6xi16>
    } {df.name = "j"}
  } {df.name = "i"}
  return
}

// after
func.func private @lower_0(%A: memref<6x6xi16>, %B: memref<6xi16>) attributes {df.kernel = "lower", df.parameters = [["A", "array", "int16[6, 6]"], ["B", "array", "int16[6]"]]} {
  %c0 = arith.constant 0 : index
  %c6 = arith.constant 6 : index
  %c1 = arith.constant 1 : index
  scf.for %j = %c0 to %c6 step %c1 {
    %c0_0 = arith.constant 0 : index
    %c6_1 = arith.constant 6 : index
    %c1_2 = arith.constant 1 : index
    scf.for %i = %c0_0 to %c6_1 step %c1_2 {
      %c1_3 = arith.constant 1 : index
      %0 = arith.addi %i, %c1_3 : index
      %1 = arith.cmpi slt, %j, %0 : index
      scf.if %1 {
        %2 = memref.load %A[%i, %j] : memref<6x6xi16>
        %3 = memref.load %B[%j] : memref<6xi16>
        %4 = arith.extsi %2 : i16 to i17
        %5 = arith.extsi %3 : i16 to i17
        %6 = arith.addi %4, %5 overflow<nsw> : i17
        %7 = arith.trunci %6 : i17 to i16
        memref.store %7, %A[%i, %j] : memref<6x6xi16>
      }
    } {df.name = "i"}
  } {df.name = "j"}
  return
}
