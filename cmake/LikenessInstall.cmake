# The tree that runs from its prefix, and the build tree laid out like it: the
# program in bin/, its private libraries in lib/likeness/, the model it uses
# when none is named in share/likeness/models/default/, and the ImageNet network
# that trained ones begin with and are compared with beside it.
set(LIKENESS_DEFAULT_BUNDLE "${PROJECT_SOURCE_DIR}/models/likeness-v1" CACHE PATH
  "Folder of the model bundle that becomes the default model")
set(LIKENESS_FROZEN_BUNDLE "${LIKENESS_DEPS_DIR}/models/imagenet-lite0" CACHE
  PATH "Folder of the ImageNet network's bundle")

set(_likeness_models "${CMAKE_INSTALL_DATADIR}/likeness/models")
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/${_likeness_models}")
file(CREATE_LINK "${LIKENESS_DEFAULT_BUNDLE}"
  "${CMAKE_BINARY_DIR}/${_likeness_models}/default" SYMBOLIC)
file(CREATE_LINK "${LIKENESS_FROZEN_BUNDLE}"
  "${CMAKE_BINARY_DIR}/${_likeness_models}/imagenet-lite0" SYMBOLIC)

if(NOT TARGET likeness)
  return()
endif()

install(TARGETS likeness RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(TARGETS likeness_program likeness_torch
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/likeness")

# Libraries that come from no Debian package. LibTorch's wheel brings a libgomp
# of its own, which then serves the whole process.
install(IMPORTED_RUNTIME_ARTIFACTS torch torch_cpu c10 ${LIKENESS_FAISS}
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/likeness")
file(GLOB _likeness_gomp "${TORCH_INSTALL_PREFIX}/lib/libgomp*.so*")
install(PROGRAMS ${_likeness_gomp}
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/likeness")

# By name: a bundle's folder may be a link, which would be copied as one.
install(FILES
  "${LIKENESS_DEFAULT_BUNDLE}/card.json"
  "${LIKENESS_DEFAULT_BUNDLE}/weights.safetensors"
  DESTINATION "${_likeness_models}/default")
install(FILES
  "${LIKENESS_FROZEN_BUNDLE}/card.json"
  "${LIKENESS_FROZEN_BUNDLE}/weights.safetensors"
  DESTINATION "${_likeness_models}/imagenet-lite0")
install(DIRECTORY proto/likeness/v1
  DESTINATION "${CMAKE_INSTALL_DATADIR}/likeness/proto/likeness"
  FILES_MATCHING PATTERN "*.proto")
install(FILES LICENSE NOTICE README.md TYPE DOC OPTIONAL)
