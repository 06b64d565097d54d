"""Um arquivo que só aparece inteiro: o que havia com esse nome fica como estava até o último instante."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

_FRASES = {
    errno.ENOSPC: "O disco está cheio.", errno.EDQUOT: "A sua cota de disco acabou.",
    errno.EFBIG: "O arquivo ficou grande demais para este disco.",
    errno.EACCES: "Não há permissão para gravar nessa pasta.", errno.EPERM: "Não há permissão para gravar nessa pasta.",
    errno.EROFS: "Esse disco só deixa ler.", errno.ENOENT: "A pasta escolhida não existe mais.",
    errno.ENOTDIR: "O caminho escolhido não é uma pasta.", errno.EISDIR: "Já existe uma pasta com esse nome.",
    errno.ENAMETOOLONG: "O nome do arquivo é comprido demais.", errno.EIO: "O disco falhou ao gravar.",
}


def explicar(erro: OSError) -> str:
    """Por que não se pôde gravar, em palavras simples."""
    return _FRASES.get(erro.errno or 0, f"O sistema não deixou gravar: {erro.strerror or erro}.")


class ArquivoNovo:
    """Escreve ao lado do destino e, em ``concluir``, toma o lugar dele. Levanta OSError, e então nada mudou.

    Só o dono pode ler o arquivo: é uma conversa.
    """

    def __init__(self, caminho: str) -> None:
        self.caminho = Path(caminho)
        if self.caminho.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), caminho)
        # O nome não leva o do destino: já comprido, ele passaria do que o disco aceita.
        descritor, provisorio = tempfile.mkstemp(prefix=".copia-", suffix=".parcial", dir=self.caminho.parent)
        self._provisorio = Path(provisorio)
        self._saida = os.fdopen(descritor, "w", encoding="utf-8", errors="replace")

    def escrever(self, texto: str) -> None:
        """Acrescenta; uma falha do disco já desfaz tudo."""
        try:
            self._saida.write(texto)
            self._saida.flush()
        except OSError:
            self.desistir()
            raise

    def concluir(self) -> None:
        """Garante no disco e troca, de uma vez."""
        try:
            os.fsync(self._saida.fileno())
            self._saida.close()
            os.replace(self._provisorio, self.caminho)
        except OSError:
            self.desistir()
            raise

    def desistir(self) -> None:
        """Apaga o que se tinha escrito; não faz mal repetir."""
        try:
            self._saida.close()
        except OSError:
            pass  # fechar tenta escrever o que falta, e é para jogar fora
        self._provisorio.unlink(missing_ok=True)
