module {
  func.func @above_scaled(%A: memref<6x6xi32>, %s: memref<i32>, %Y: memref<6xi32>, %mode: memref<1xi8>) attributes {df.parameters = [["A", "array", "int32[6, 6]"], ["s", "scalar", "int32"], ["Y", "array", "int32[6]"], ["mode", "array", "int8[1]"]], df.region} {
    "df.actor"() {arrays = ["A", "s", "Y", "mode"], callee = @above_scaled_0, channels = [], kernel = "above_scaled", pid = [0], values = []} : () -> ()
    return
  }
  func.func private @above_scaled_0(%A: memref<6x6xi32>, %s: memref<i32>, %Y: memref<6xi32>, %mode: memref<1xi8>) attributes {df.kernel = "above_scaled", df.parameters = [["A", "array", "int32[6, 6]"], ["s", "scalar", "int32"], ["Y", "array", "int32[6]"], ["mode", "array", "int8[1]"]]} {
    %total = memref.alloca() {df.name = "total", df.type = "int32"} : memref<i32>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c1_0 = arith.constant 1 : index
    scf.for %round = %c0 to %c1 step %c1_0 {
      %0 = memref.load %mode[%round] : memref<1xi8>
      %c0_i8 = arith.constant 0 : i8
      %1 = arith.cmpi eq, %0, %c0_i8 : i8
      %2 = memref.load %s[] : memref<i32>
      %3 = memref.load %s[] : memref<i32>
      %c0_1 = arith.constant 0 : index
      %c6 = arith.constant 6 : index
      %c1_2 = arith.constant 1 : index
      scf.for %i = %c0_1 to %c6 step %c1_2 {
        %c0_i32 = arith.constant 0 : i32
        scf.if %1 {
        } else {
          memref.store %c0_i32, %total[] : memref<i32>
        }
        %c0_3 = arith.constant 0 : index
        %c6_4 = arith.constant 6 : index
        %c1_5 = arith.constant 1 : index
        scf.for %j = %c0_3 to %c6_4 step %c1_5 {
          %4 = arith.extsi %3 : i32 to i64
          scf.if %1 {
            %5 = memref.load %A[%i, %j] : memref<6x6xi32>
            %6 = arith.cmpi sgt, %5, %2 : i32
            scf.if %6 {
              %7 = memref.load %Y[%i] : memref<6xi32>
              %c1_i32 = arith.constant 1 : i32
              %8 = arith.extsi %7 : i32 to i33
              %9 = arith.extsi %c1_i32 : i32 to i33
              %10 = arith.addi %8, %9 overflow<nsw> : i33
              %11 = arith.trunci %10 : i33 to i32
              memref.store %11, %Y[%i] : memref<6xi32>
            }
          } else {
            %5 = memref.load %total[] : memref<i32>
            %6 = memref.load %A[%i, %j] : memref<6x6xi32>
            %7 = arith.extsi %6 : i32 to i64
            %8 = arith.muli %7, %4 overflow<nsw> : i64
            %9 = arith.extsi %5 : i32 to i65
            %10 = arith.extsi %8 : i64 to i65
            %11 = arith.addi %9, %10 overflow<nsw> : i65
            %12 = arith.trunci %11 : i65 to i32
            memref.store %12, %total[] : memref<i32>
          }
        } {df.name = "j"}
        scf.if %1 {
        } else {
          %4 = memref.load %total[] : memref<i32>
          %5 = memref.load %Y[%i] : memref<6xi32>
          %6 = arith.extsi %4 : i32 to i33
          %7 = arith.extsi %5 : i32 to i33
          %8 = arith.addi %6, %7 overflow<nsw> : i33
          %9 = arith.trunci %8 : i33 to i32
          memref.store %9, %Y[%i] : memref<6xi32>
        }
      } {df.name = "i"}
    } {df.name = "round"}
    return
  }
}

