// Stacks, and the change from one to another: a few instructions on x86-64 and AArch64, <ucontext.h> elsewhere.
#ifndef SPATIAL_SWITCH_H
#define SPATIAL_SWITCH_H

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#if defined(__ELF__) && defined(__LP64__) && (defined(__x86_64__) || defined(__aarch64__))
#define SPATIAL_OWN_SWITCH 1
#else
#include <ucontext.h>
#endif

namespace spatial {
namespace csim {

const std::size_t STACK_BYTES = std::size_t(64) << 20;  // of addresses; memory is taken page by page when touched
const int LARGE_STACKS = 1000;
const std::size_t SMALL_STACK_BYTES = std::size_t(1) << 20;  // of later ones: pages that lie close are found sooner
const std::size_t LEAST_STACK_BYTES = std::size_t(128) << 10;
const int GUARDED_STACKS = 8192;  // each guard page splits a mapping, of which a process has some 65,000

struct stack {
    char *base;
    std::size_t bytes;
};

// New addresses for a stack; fewer where the system does not give as many. `base` is null where it gives none.
inline stack take_stack(int number) {
    static std::size_t bytes = STACK_BYTES;
    if (number >= LARGE_STACKS && bytes > SMALL_STACK_BYTES) bytes = SMALL_STACK_BYTES;
    for (; bytes >= LEAST_STACK_BYTES; bytes /= 2) {
        void *at = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (at == MAP_FAILED) continue;
#ifdef MADV_NOHUGEPAGE
        madvise(at, bytes, MADV_NOHUGEPAGE);
#endif
        if (number < GUARDED_STACKS) mprotect(at, static_cast<std::size_t>(sysconf(_SC_PAGESIZE)), PROT_NONE);
        return stack{static_cast<char *>(at), bytes};
    }
    return stack{nullptr, 0};
}

#ifdef SPATIAL_OWN_SWITCH

// Saves what a called function must keep, and the stack pointer in `*from`; goes on where `to` was saved.
extern "C" void spatial_csim_switch(void **from, void *to);

#ifdef __x86_64__
asm(R"(
    .pushsection .text.spatial_csim_switch,"axG",@progbits,spatial_csim_switch,comdat
    .weak spatial_csim_switch
    .type spatial_csim_switch,@function
spatial_csim_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    popq %rcx
    jmp *%rcx
    .size spatial_csim_switch, .-spatial_csim_switch
    .popsection
)");
const int SAVED_WORDS = 8,
          ENTRY_WORD = 6;  // six registers, the address to go on at, one word that keeps 16 bytes' alignment
#else
asm(R"(
    .pushsection .text.spatial_csim_switch,"axG",@progbits,spatial_csim_switch,comdat
    .weak spatial_csim_switch
    .type spatial_csim_switch,@function
spatial_csim_switch:
    sub sp, sp, #160
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    br x30
    .size spatial_csim_switch, .-spatial_csim_switch
    .popsection
)");
const int SAVED_WORDS = 20, ENTRY_WORD = 11;
#endif

// A place in the run of a stack.
class place {
  public:
    void prepare(const stack &of, void (*entry)()) {
        std::uintptr_t top = reinterpret_cast<std::uintptr_t>(of.base + of.bytes) & ~std::uintptr_t(15);
        std::uintptr_t *words = reinterpret_cast<std::uintptr_t *>(top) - SAVED_WORDS;
        for (int i = 0; i < SAVED_WORDS; ++i) words[i] = 0;
        words[ENTRY_WORD] = reinterpret_cast<std::uintptr_t>(entry);
        pointer = words;
    }
    void leave_for(place &other) { spatial_csim_switch(&pointer, other.pointer); }

  private:
    void *pointer = nullptr;
};

#else

class place {
  public:
    void prepare(const stack &of, void (*entry)()) {
        if (!context) context = new ucontext_t;
        getcontext(context);
        context->uc_stack.ss_sp = of.base;
        context->uc_stack.ss_size = of.bytes;
        context->uc_link = nullptr;
        makecontext(context, entry, 0);
    }
    void leave_for(place &other) {
        if (!context) context = new ucontext_t;
        swapcontext(context, other.context);
    }

  private:
    ucontext_t *context = nullptr;
};

#endif

}  // namespace csim
}  // namespace spatial

#endif
