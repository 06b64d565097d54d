"""Em que certificado se confia para cada servidor: o primeiro que se aceitou, e nenhum outro."""

from __future__ import annotations

# A primeira tela pergunta aqui, e quase sempre por nada: o que só serve a quem já tem certificados importa-se ao usar.

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cliente.sessao.tipos import Certificado

ARQUIVO_DOS_CERTIFICADOS = "certificados.json"
"""O nome do arquivo, na pasta de configuração de quem usa."""
LETRAS = 20
LETRAS_POR_GRUPO = 4
ARQUIVO_MAX_BYTES = 4 * 1_048_576
_VERSAO = 1
_SHA256_ALGARISMOS = 64


def ler_certificado(der: bytes) -> Certificado:
    """A identidade de um certificado: SHA-256 inteiro, e 100 bits dele em letras fáceis de comparar em voz alta."""
    import base64
    import hashlib

    from cliente.sessao.tipos import Certificado

    resumo = hashlib.sha256(der).digest()
    letras = base64.b32encode(resumo).decode("ascii")[:LETRAS]
    grupos = [letras[i:i + LETRAS_POR_GRUPO] for i in range(0, LETRAS, LETRAS_POR_GRUPO)]
    return Certificado(resumo.hex(), "-".join(grupos))


class Confianca:
    """Endereço e porta → certificado aceito, num arquivo JSON que só o dono lê; sem caminho, só na memória.

    O arquivo se lê a cada pergunta e se troca inteiro a cada mudança: vários clientes podem usar o mesmo. Se não se
    consegue escrever, vale na memória e fica no log. Da thread dona da sessão.
    """

    def __init__(self, caminho: Path | None = None) -> None:
        self._caminho = caminho
        self._na_memoria: dict[str, Certificado] = {}

    def conhecido(self, host: str, porta: int) -> Certificado | None:
        """O certificado aceito para esse servidor, ou ``None``."""
        lugar = _lugar(host, porta)
        return self._na_memoria.get(lugar) or self._ler().get(lugar)

    def confiar(self, host: str, porta: int, certificado: Certificado) -> None:
        """Daqui em diante, só este."""
        lugar = _lugar(host, porta)
        self._na_memoria[lugar] = certificado
        if self._gravar({**self._ler(), lugar: certificado}):
            del self._na_memoria[lugar]

    def esquecer(self, host: str, porta: int) -> None:
        """O próximo certificado desse servidor será o primeiro."""
        lugar = _lugar(host, porta)
        self._na_memoria.pop(lugar, None)
        aceitos = self._ler()
        if aceitos.pop(lugar, None) is not None:
            self._gravar(aceitos)

    def _ler(self) -> dict[str, Certificado]:
        if self._caminho is None:
            return {}
        try:
            with open(self._caminho, "rb") as arquivo:
                return _decodificar(arquivo.read(ARQUIVO_MAX_BYTES))
        except FileNotFoundError:
            return {}
        except OSError as causa:
            _avisar("os certificados aceitos não puderam ser lidos: %s", causa)
        except ValueError as causa:
            # Nunca se escreve por cima do que não se entende: fica de lado, e volta-se a perguntar.
            _avisar("os certificados aceitos estão estragados: %s", causa)
            with contextlib.suppress(OSError):
                os.replace(self._caminho, self._caminho.with_suffix(".estragado"))
        return {}

    def _gravar(self, aceitos: dict[str, Certificado]) -> bool:
        if self._caminho is None:
            return False
        servidores = {lugar: {"sha256": c.sha256, "impressao": c.impressao} for lugar, c in sorted(aceitos.items())}
        texto = json.dumps({"versao": _VERSAO, "servidores": servidores}, ensure_ascii=False, indent=1)
        import secrets

        provisorio = self._caminho.with_name(f"{self._caminho.name}.{secrets.token_hex(4)}.novo")
        try:
            self._caminho.parent.mkdir(parents=True, exist_ok=True)
            descritor = os.open(provisorio, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descritor, "w", encoding="utf-8") as arquivo:
                arquivo.write(texto)
                arquivo.flush()
                os.fsync(arquivo.fileno())
            os.replace(provisorio, self._caminho)
        except OSError as causa:
            _avisar("os certificados aceitos não puderam ser guardados: %s", causa)
            with contextlib.suppress(OSError):
                provisorio.unlink(missing_ok=True)
            return False
        return True


def _avisar(frase: str, causa: Exception) -> None:
    import logging

    logging.getLogger(__name__).warning(frase, causa)


def _lugar(host: str, porta: int) -> str:
    return f"{host.casefold()}:{porta}"


def _decodificar(bruto: bytes) -> dict[str, Certificado]:
    """Levanta ``ValueError`` se não é o que escrevemos."""
    try:
        lido: Any = json.loads(bruto)
        servidores = {str(lugar): (valor["sha256"], valor["impressao"])
                      for lugar, valor in lido["servidores"].items()}
    except (TypeError, KeyError, AttributeError, RecursionError) as causa:
        raise ValueError(f"forma inesperada: {causa!r}") from causa
    from cliente.sessao.tipos import Certificado

    for resumo, impressao in servidores.values():
        if type(resumo) is not str or type(impressao) is not str or len(resumo) != _SHA256_ALGARISMOS:
            raise ValueError("certificado sem resumo")
    return {lugar: Certificado(*valor) for lugar, valor in servidores.items()}
