#ifndef LIKENESS_ENGINE_EMBED_ALLOCATOR_H_
#define LIKENESS_ENGINE_EMBED_ALLOCATOR_H_

namespace likeness {

// Makes glibc keep freed memory instead of giving it back to the system after
// each forward pass, which would cost a page fault for every page of the next
// one. For the whole process, so the composition root calls it, once, before
// threads start. No effect with another allocator.
void KeepFreedMemory();

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_ALLOCATOR_H_
