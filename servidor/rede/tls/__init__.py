"""TLS só com a biblioteca padrão: certificado próprio e uma camada sem E/S sobre ``ssl.MemoryBIO``."""
