// What a program does before anything else, the initialisers of its libraries among it. Linked, it runs; nothing calls it.
#pragma once
