// before
func.func private @smoothed_0(%told: !df.stream<i16>, %A: memref<10xi16>, %B: memref<10xi16>) attributes {df.kernel = "smoothed", df.parameters = [["told", "stream", "int16"], ["A", "array", "int16[10]"], ["B", "array", "int16[10]"]]} {
  %part = memref.alloca() {df.name = "part", df.type = "int16[10]"} : memref<10xi16>
  %c0 = arith.constant 0 : index
  %c10 = arith.constant 10 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c10 step %c1 {
    %0 = memref.load %A[%i] : memref<10xi16>
    %c1_i16 = arith.constant 1 : i16
    %1 = arith.extsi %0 : i16 to i17
    %2 = arith.extsi %c1_i16 : i16 to i17
    %3 = arith.subi %1, %2 overflow<nsw> : i17
    %4 = arith.trunci %3 : i17 to i16
    memref.store %4, %part[%i] : memref<10xi16>
  } {df.name = "i"}
  %c0_0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c1_1 = arith.constant 1 : index
  scf.for %j = %c0_0 to %c8 step %c1_1 {
    %0 = memref.load %part[%j] : memref<10xi16>
    %c1_10 = arith.constant 1 : index
    %1 = arith.addi %j, %c1_10 : index
    %2 = memref.load %part[%1] : memref<10xi16>
    %3 = arith.extsi %0 : i16 to i17
    %4 = arith.extsi %2 : i16 to i17
    %5 = arith.addi %3, %4 overflow<nsw> : i17
    %c2 = arith.constant 2 : index
    %6 = arith.addi %j, %c2 : index
    %7 = memref.load %part[%6] : memref<10xi16>
    %8 = arith.extsi %5 : i17 to i18
    %9 = arith.extsi %7 : i16 to i18
    %10 = arith.addi %8, %9 overflow<nsw> : i18
    %11 = arith.trunci %10 : i18 to i16
    memref.store %11, %B[%j] : memref<10xi16>
  } {df.name = "j"}
  %c0_2 = arith.constant 0 : index
  %c8_3 = arith.constant 8 : index
  %c1_4 = arith.constant 1 : index
  scf.for %k = %c0_2 to %c8_3 step %c1_4 {
    %0 = memref.load %B[%k] : memref<10xi16>
    memref.store %0, %A[%k] : memref<10xi16>
  } {df.name = "k"}
  %c0_5 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1_6 = arith.constant 1 : index
  scf.for %n = %c0_5 to %c4 step %c1_6 {
    %0 = memref.load %A[%n] : memref<10xi16>
    memref.store %0, %B[%n] : memref<10xi16>
    %1 = memref.load %A[%n] : memref<10xi16>
    "df.put"(%told, %1) : (!df.stream<i16>, i16) -> ()
  } {df.name = "n"}
  %c0_7 = arith.constant 0 : index
  %c4_8 = arith.constant 4 : index
  %c1_9 = arith.constant 1 : index
  scf.for %m = %c0_7 to %c4_8 step %c1_9 {
    %0 = memref.load %B[%m] : memref<10xi16>
    %c1_10 = arith.constant 1 : index
    %1 = arith.addi %m, %c1_10 : index
    %2 = memref.load %B[%1] : memref<10xi16>
    %3 = arith.extsi %0 : i16 to i17
    %4 = arith.extsi %2 : i16 to i17
    %5 = arith.addi %3, %4 overflow<nsw> : i17
    %6 = arith.trunci %5 : i17 to i16
    memref.store %6, %A[%m] : memref<10xi16>
  } {df.name = "m"}
  return
}

// after
func.func private @smoothed_0(%told: !df.stream<i16>, %A: memref<10xi16>, %B: memref<10xi16>) attributes {df.kernel = "smoothed", df.parameters = [["told", "stream", "int16"], ["A", "array", "int16[10]"], ["B", "array", "int16[10]"]]} {
  %part = memref.alloca() {df.name = "part", df.type = "int16[10]"} : memref<10xi16>
  %c0 = arith.constant 0 : index
  %c10 = arith.constant 10 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %c10 step %c1 {
    %0 = memref.load %A[%i] : memref<10xi16>
    %c1_i16 = arith.constant 1 : i16
    %1 = arith.extsi %0 : i16 to i17
    %2 = arith.extsi %c1_i16 : i16 to i17
    %3 = arith.subi %1, %2 overflow<nsw> : i17
    %4 = arith.trunci %3 : i17 to i16
    memref.store %4, %part[%i] : memref<10xi16>
    %c2 = arith.constant 2 : index
    %5 = arith.subi %i, %c2 overflow<nsw> : index
    %c0_7 = arith.constant 0 : index
    %6 = arith.cmpi sge, %5, %c0_7 : index
    scf.if %6 {
      %j = arith.constant 2 : index
      %j_8 = arith.subi %i, %j overflow<nsw> {df.range = [0, 7]} : index
      %7 = memref.load %part[%j_8] : memref<10xi16>
      %c1_9 = arith.constant 1 : index
      %8 = arith.addi %j_8, %c1_9 : index
      %9 = memref.load %part[%8] : memref<10xi16>
      %10 = arith.extsi %7 : i16 to i17
      %11 = arith.extsi %9 : i16 to i17
      %12 = arith.addi %10, %11 overflow<nsw> : i17
      %c2_10 = arith.constant 2 : index
      %13 = arith.addi %j_8, %c2_10 : index
      %14 = memref.load %part[%13] : memref<10xi16>
      %15 = arith.extsi %12 : i17 to i18
      %16 = arith.extsi %14 : i16 to i18
      %17 = arith.addi %15, %16 overflow<nsw> : i18
      %18 = arith.trunci %17 : i18 to i16
      memref.store %18, %B[%j_8] : memref<10xi16>
    }
  } {df.name = "i"}
  %c0_0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c1_1 = arith.constant 1 : index
  scf.for %k = %c0_0 to %c8 step %c1_1 {
    %0 = memref.load %B[%k] : memref<10xi16>
    memref.store %0, %A[%k] : memref<10xi16>
  } {df.name = "k"}
  %c0_2 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1_3 = arith.constant 1 : index
  scf.for %n = %c0_2 to %c4 step %c1_3 {
    %0 = memref.load %A[%n] : memref<10xi16>
    memref.store %0, %B[%n] : memref<10xi16>
    %1 = memref.load %A[%n] : memref<10xi16>
    "df.put"(%told, %1) : (!df.stream<i16>, i16) -> ()
  } {df.name = "n"}
  %c0_4 = arith.constant 0 : index
  %c4_5 = arith.constant 4 : index
  %c1_6 = arith.constant 1 : index
  scf.for %m = %c0_4 to %c4_5 step %c1_6 {
    %0 = memref.load %B[%m] : memref<10xi16>
    %c1_7 = arith.constant 1 : index
    %1 = arith.addi %m, %c1_7 : index
    %2 = memref.load %B[%1] : memref<10xi16>
    %3 = arith.extsi %0 : i16 to i17
    %4 = arith.extsi %2 : i16 to i17
    %5 = arith.addi %3, %4 overflow<nsw> : i17
    %6 = arith.trunci %5 : i17 to i16
    memref.store %6, %A[%m] : memref<10xi16>
  } {df.name = "m"}
  return
}
