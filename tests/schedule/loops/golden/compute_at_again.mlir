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
  %c8 = arith.constant 8 : index
  %c1 = arith.constant 1 : index
  scf.for %j = %c0 to %c8 step %c1 {
    %c0_8 = arith.constant 0 : index
    %c3 = arith.constant 3 : index
    %c1_9 = arith.constant 1 : index
    scf.for %i = %c0_8 to %c3 step %c1_9 {
      %i_11 = arith.addi %j, %i overflow<nsw> {df.range = [0, 9]} : index
      %12 = memref.load %A[%i_11] : memref<10xi16>
      %c1_i16 = arith.constant 1 : i16
      %13 = arith.extsi %12 : i16 to i17
      %14 = arith.extsi %c1_i16 : i16 to i17
      %15 = arith.subi %13, %14 overflow<nsw> : i17
      %16 = arith.trunci %15 : i17 to i16
      memref.store %16, %part[%i_11] : memref<10xi16>
    } {df.name = "i"}
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
  %c0_0 = arith.constant 0 : index
  %c8_1 = arith.constant 8 : index
  %c1_2 = arith.constant 1 : index
  scf.for %k = %c0_0 to %c8_1 step %c1_2 {
    %0 = memref.load %B[%k] : memref<10xi16>
    memref.store %0, %A[%k] : memref<10xi16>
  } {df.name = "k"}
  %c0_3 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c1_4 = arith.constant 1 : index
  scf.for %n = %c0_3 to %c4 step %c1_4 {
    %0 = memref.load %A[%n] : memref<10xi16>
    memref.store %0, %B[%n] : memref<10xi16>
    %1 = memref.load %A[%n] : memref<10xi16>
    "df.put"(%told, %1) : (!df.stream<i16>, i16) -> ()
  } {df.name = "n"}
  %c0_5 = arith.constant 0 : index
  %c4_6 = arith.constant 4 : index
  %c1_7 = arith.constant 1 : index
  scf.for %m = %c0_5 to %c4_6 step %c1_7 {
    %0 = memref.load %B[%m] : memref<10xi16>
    %c1_8 = arith.constant 1 : index
    %1 = arith.addi %m, %c1_8 : index
    %2 = memref.load %B[%1] : memref<10xi16>
    %3 = arith.extsi %0 : i16 to i17
    %4 = arith.extsi %2 : i16 to i17
    %5 = arith.addi %3, %4 overflow<nsw> : i17
    %6 = arith.trunci %5 : i17 to i16
    memref.store %6, %A[%m] : memref<10xi16>
  } {df.name = "m"}
  return
}
