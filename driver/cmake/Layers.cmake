# One static library per layer, the libraries around the driver, and the compiler's warnings.
include(GNUInstallDirs)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(nlohmann_json 3.9 REQUIRED)
find_package(spdlog 1.10 REQUIRED)

find_path(ODBC_INCLUDE_DIR sql.h REQUIRED)
find_library(ODBC_LIBRARY odbc REQUIRED)
find_library(ODBCINST_LIBRARY odbcinst REQUIRED)

find_program(XMLRPC_CONFIG xmlrpc-c-config REQUIRED)
find_library(XMLRPC_PP xmlrpc++ REQUIRED)
find_library(XMLRPC_CORE xmlrpc REQUIRED)
find_library(XMLRPC_UTIL xmlrpc_util REQUIRED)
find_path(XMLRPC_INCLUDE_DIR xmlrpc-c/base.hpp REQUIRED)

# MariaDB Connector/C and Oracle's libmysqlclient both describe themselves by such a program.
if(MYFABRIC_CLIENT STREQUAL "mariadb")
    find_program(CLIENT_CONFIG mariadb_config REQUIRED)
elseif(MYFABRIC_CLIENT STREQUAL "mysql")
    find_program(CLIENT_CONFIG mysql_config REQUIRED)
else()
    find_program(CLIENT_CONFIG NAMES mariadb_config mysql_config REQUIRED)
endif()
execute_process(COMMAND ${CLIENT_CONFIG} --include OUTPUT_VARIABLE CLIENT_CFLAGS
                OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND ${CLIENT_CONFIG} --libs OUTPUT_VARIABLE CLIENT_LIBS
                OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX MATCHALL "-I[^ ]+" CLIENT_INCLUDES "${CLIENT_CFLAGS}")
list(TRANSFORM CLIENT_INCLUDES REPLACE "^-I" "")
separate_arguments(CLIENT_LIBS UNIX_COMMAND "${CLIENT_LIBS}")

add_library(myfabric_options INTERFACE)
target_include_directories(myfabric_options INTERFACE
    ${PROJECT_SOURCE_DIR}/driver ${PROJECT_SOURCE_DIR}/include)
target_include_directories(myfabric_options SYSTEM INTERFACE ${ODBC_INCLUDE_DIR})
target_compile_options(myfabric_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Woverloaded-virtual -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers)
target_compile_definitions(myfabric_options INTERFACE MYFABRIC_VERSION="${PROJECT_VERSION}")
if(MYFABRIC_WERROR)
    # GCC 12 sees these two where std::string is joined, wrongly: they stay warnings.
    target_compile_options(myfabric_options INTERFACE -Werror -Wno-error=array-bounds
        -Wno-error=restrict)
endif()
if(MYFABRIC_SANITIZE)
    target_compile_options(myfabric_options INTERFACE -fsanitize=${MYFABRIC_SANITIZE}
        -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(myfabric_options INTERFACE -fsanitize=${MYFABRIC_SANITIZE})
endif()
target_link_libraries(myfabric_options INTERFACE Threads::Threads)

add_library(myfabric_mysql_client INTERFACE)
target_include_directories(myfabric_mysql_client SYSTEM INTERFACE ${CLIENT_INCLUDES})
target_link_libraries(myfabric_mysql_client INTERFACE ${CLIENT_LIBS})

add_library(myfabric_xmlrpc INTERFACE)
target_include_directories(myfabric_xmlrpc SYSTEM INTERFACE ${XMLRPC_INCLUDE_DIR})
target_link_libraries(myfabric_xmlrpc INTERFACE ${XMLRPC_PP} ${XMLRPC_CORE} ${XMLRPC_UTIL})

# myfabric_layer(topology base USES OpenSSL::Crypto): driver/topology, which may include the layers named
# after it and uses the libraries behind USES. A layer without a .cpp file is a set of headers.
function(myfabric_layer name)
    cmake_parse_arguments(LAYER "" "" "USES" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
    set(kind INTERFACE)
    if(sources)
        set(kind PUBLIC)
        add_library(layer_${name} STATIC ${sources})
    else()
        add_library(layer_${name} INTERFACE)
    endif()
    list(TRANSFORM LAYER_UNPARSED_ARGUMENTS PREPEND layer_ OUTPUT_VARIABLE below)
    target_link_libraries(layer_${name} ${kind} myfabric_options ${below} ${LAYER_USES})
    # The layers share precompiled standard headers; platform's small files are quicker without.
    if(sources AND name STREQUAL "base")
        target_precompile_headers(layer_base PRIVATE <algorithm> <array> <charconv> <chrono>
            <functional> <map> <memory> <mutex> <optional> <span> <string> <string_view> <variant>
            <vector>)
    elseif(sources AND NOT name MATCHES "^(platform|odbc)$")  # odbc: visible functions, so other flags
        target_precompile_headers(layer_${name} REUSE_FROM layer_base)
    endif()
endfunction()
