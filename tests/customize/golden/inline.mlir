// before
module {
  func.func @searched(%A: memref<8xi32>, %limit: memref<i32>) attributes {df.parameters = [["A", "array", "int32[8]"], ["limit", "scalar", "int32"]], df.region} {
    "df.actor"() {arrays = ["A", "limit"], callee = @searched_0, channels = [], kernel = "searched", pid = [0], values = []} : () -> ()
    return
  }
  func.func private @searched_0(%A: memref<8xi32>, %limit: memref<i32>) attributes {df.kernel = "searched", df.parameters = [["A", "array", "int32[8]"], ["limit", "scalar", "int32"]]} {
    %0 = memref.load %limit[] : memref<i32>
    call @search(%0, %A) : (i32, memref<8xi32>) -> ()
    call @search_1(%0, %A) : (i32, memref<8xi32>) -> ()
    return
  }
  func.func private @search(%limit: i32, %A: memref<8xi32>) attributes {df.callee = "search", df.parameters = [["limit", "value", "int32"], ["A", "array", "int32[8]"]]} {
    %search = memref.alloca() {df.name = "exit", df.type = "bool"} : memref<i1>
    %search_0 = memref.alloca() {df.name = "i", df.type = "index"} : memref<index>
    %search_1 = arith.constant false
    memref.store %search_1, %search[] : memref<i1>
    %search_2 = arith.constant 0 : index
    %search_3 = arith.constant 8 : index
    memref.store %search_2, %search_0[] : memref<index>
    scf.while : () -> () {
      %search_4 = memref.load %search_0[] : memref<index>
      %search_5 = arith.cmpi slt, %search_4, %search_3 : index
      %search_6 = memref.load %search[] : memref<i1>
      %search_7 = arith.constant true
      %search_8 = arith.xori %search_6, %search_7 : i1
      %search_9 = arith.andi %search_5, %search_8 : i1
      scf.condition(%search_9)
    } do {
      %i = memref.load %search_0[] {df.range = [0, 7]} : memref<index>
      %search_4 = arith.constant 1 : index
      %search_5 = arith.addi %i, %search_4 overflow<nsw> : index
      memref.store %search_5, %search_0[] : memref<index>
      %search_6 = memref.load %A[%i] : memref<8xi32>
      %search_7 = arith.cmpi sgt, %search_6, %limit : i32
      scf.if %search_7 {
        memref.store %limit, %A[%i] : memref<8xi32>
        %search_8 = arith.constant true
        memref.store %search_8, %search[] : memref<i1>
      }
      scf.yield
    } attributes {df.name = "i_1"}
    return
  }
  func.func private @search_1(%limit: i32, %A: memref<8xi32>) attributes {df.callee = "search", df.parameters = [["limit", "value", "int32"], ["A", "array", "int32[8]"]]} {
    %search = memref.alloca() {df.name = "exit", df.type = "bool"} : memref<i1>
    %search_0 = memref.alloca() {df.name = "i", df.type = "index"} : memref<index>
    %search_1 = arith.constant false
    memref.store %search_1, %search[] : memref<i1>
    %search_2 = arith.constant 0 : index
    %search_3 = arith.constant 8 : index
    memref.store %search_2, %search_0[] : memref<index>
    scf.while : () -> () {
      %search_4 = memref.load %search_0[] : memref<index>
      %search_5 = arith.cmpi slt, %search_4, %search_3 : index
      %search_6 = memref.load %search[] : memref<i1>
      %search_7 = arith.constant true
      %search_8 = arith.xori %search_6, %search_7 : i1
      %search_9 = arith.andi %search_5, %search_8 : i1
      scf.condition(%search_9)
    } do {
      %i = memref.load %search_0[] {df.range = [0, 7]} : memref<index>
      %search_4 = arith.constant 1 : index
      %search_5 = arith.addi %i, %search_4 overflow<nsw> : index
      memref.store %search_5, %search_0[] : memref<index>
      %search_6 = memref.load %A[%i] : memref<8xi32>
      %search_7 = arith.cmpi sgt, %search_6, %limit : i32
      scf.if %search_7 {
        memref.store %limit, %A[%i] : memref<8xi32>
        %search_8 = arith.constant true
        memref.store %search_8, %search[] : memref<i1>
      }
      scf.yield
    } attributes {df.name = "i_1"}
    return
  }
}

// after
module {
  func.func @searched(%A: memref<8xi32>, %limit: memref<i32>) attributes {df.parameters = [["A", "array", "int32[8]"], ["limit", "scalar", "int32"]], df.region} {
    "df.actor"() {arrays = ["A", "limit"], callee = @searched_0, channels = [], kernel = "searched", pid = [0], values = []} : () -> ()
    return
  }
  func.func private @searched_0(%A: memref<8xi32>, %limit: memref<i32>) attributes {df.kernel = "searched", df.parameters = [["A", "array", "int32[8]"], ["limit", "scalar", "int32"]]} {
    %search = memref.alloca() {df.name = "search.exit", df.type = "bool"} : memref<i1>
    %search_0 = memref.alloca() {df.name = "search.i", df.type = "index"} : memref<index>
    %0 = memref.load %limit[] : memref<i32>
    call @search(%0, %A) : (i32, memref<8xi32>) -> ()
    %search_1 = arith.constant false
    memref.store %search_1, %search[] : memref<i1>
    %search_2 = arith.constant 0 : index
    %search_3 = arith.constant 8 : index
    memref.store %search_2, %search_0[] : memref<index>
    scf.while : () -> () {
      %search_4 = memref.load %search_0[] : memref<index>
      %search_5 = arith.cmpi slt, %search_4, %search_3 : index
      %search_6 = memref.load %search[] : memref<i1>
      %search_7 = arith.constant true
      %search_8 = arith.xori %search_6, %search_7 : i1
      %search_9 = arith.andi %search_5, %search_8 : i1
      scf.condition(%search_9)
    } do {
      %i = memref.load %search_0[] {df.range = [0, 7]} : memref<index>
      %search_4 = arith.constant 1 : index
      %search_5 = arith.addi %i, %search_4 overflow<nsw> : index
      memref.store %search_5, %search_0[] : memref<index>
      %search_6 = memref.load %A[%i] : memref<8xi32>
      %search_7 = arith.cmpi sgt, %search_6, %0 : i32
      scf.if %search_7 {
        memref.store %0, %A[%i] : memref<8xi32>
        %search_8 = arith.constant true
        memref.store %search_8, %search[] : memref<i1>
      }
      scf.yield
    } attributes {df.name = "search.i_1"}
    return
  }
  func.func private @search(%limit: i32, %A: memref<8xi32>) attributes {df.callee = "search", df.parameters = [["limit", "value", "int32"], ["A", "array", "int32[8]"]]} {
    %search = memref.alloca() {df.name = "exit", df.type = "bool"} : memref<i1>
    %search_0 = memref.alloca() {df.name = "i", df.type = "index"} : memref<index>
    %search_1 = arith.constant false
    memref.store %search_1, %search[] : memref<i1>
    %search_2 = arith.constant 0 : index
    %search_3 = arith.constant 8 : index
    memref.store %search_2, %search_0[] : memref<index>
    scf.while : () -> () {
      %search_4 = memref.load %search_0[] : memref<index>
      %search_5 = arith.cmpi slt, %search_4, %search_3 : index
      %search_6 = memref.load %search[] : memref<i1>
      %search_7 = arith.constant true
      %search_8 = arith.xori %search_6, %search_7 : i1
      %search_9 = arith.andi %search_5, %search_8 : i1
      scf.condition(%search_9)
    } do {
      %i = memref.load %search_0[] {df.range = [0, 7]} : memref<index>
      %search_4 = arith.constant 1 : index
      %search_5 = arith.addi %i, %search_4 overflow<nsw> : index
      memref.store %search_5, %search_0[] : memref<index>
      %search_6 = memref.load %A[%i] : memref<8xi32>
      %search_7 = arith.cmpi sgt, %search_6, %limit : i32
      scf.if %search_7 {
        memref.store %limit, %A[%i] : memref<8xi32>
        %search_8 = arith.constant true
        memref.store %search_8, %search[] : memref<i1>
      }
      scf.yield
    } attributes {df.name = "i_1"}
    return
  }
}
