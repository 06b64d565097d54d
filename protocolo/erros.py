"""Os códigos de erro do fio e a exceção que os carrega (PROTOCOLO.md, §9.4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Codigo(StrEnum):
    """Motivo de uma recusa, como vai no campo ``codigo`` de um ``erro``."""

    QUADRO_GRANDE_DEMAIS = "quadro_grande_demais"
    QUADRO_INVALIDO = "quadro_invalido"
    TIPO_DESCONHECIDO = "tipo_desconhecido"
    MENSAGEM_INVALIDA = "mensagem_invalida"
    VERSAO_INCOMPATIVEL = "versao_incompativel"
    FORA_DE_ORDEM = "fora_de_ordem"
    NOME_INVALIDO = "nome_invalido"
    NOME_EM_USO = "nome_em_uso"
    SENHA_EXIGIDA = "senha_exigida"
    SENHA_INCORRETA = "senha_incorreta"
    SENHA_INVALIDA = "senha_invalida"
    MUITAS_TENTATIVAS = "muitas_tentativas"
    BANIDO = "banido"
    SERVIDOR_CHEIO = "servidor_cheio"
    SALA_INVALIDA = "sala_invalida"
    SALA_EXISTE = "sala_existe"
    SALA_INEXISTENTE = "sala_inexistente"
    FORA_DA_SALA = "fora_da_sala"
    SEM_PERMISSAO = "sem_permissao"
    USUARIO_INEXISTENTE = "usuario_inexistente"
    TEXTO_INVALIDO = "texto_invalido"
    DEVAGAR = "devagar"
    LIMITE_DE_SALAS = "limite_de_salas"
    EXIGE_TLS = "exige_tls"
    INTERNO = "interno"


FRASES: dict[Codigo, str] = {
    Codigo.QUADRO_GRANDE_DEMAIS: "O quadro é maior que o permitido.",
    Codigo.QUADRO_INVALIDO: "O quadro não contém um objeto JSON válido.",
    Codigo.TIPO_DESCONHECIDO: "Este servidor não conhece esse tipo de mensagem.",
    Codigo.MENSAGEM_INVALIDA: "Falta um campo, ou ele tem um valor que não vale.",
    Codigo.VERSAO_INCOMPATIVEL: "O programa e o servidor falam versões diferentes do protocolo.",
    Codigo.FORA_DE_ORDEM: "Esse pedido não vale neste momento da conexão.",
    Codigo.NOME_INVALIDO: "Esse nome não vale.",
    Codigo.NOME_EM_USO: "Esse nome já está em uso.",
    Codigo.SENHA_EXIGIDA: "É preciso informar a senha.",
    Codigo.SENHA_INCORRETA: "A senha não confere.",
    Codigo.SENHA_INVALIDA: "A senha é curta ou longa demais.",
    Codigo.MUITAS_TENTATIVAS: "Muitas tentativas erradas. Espere um pouco e tente de novo.",
    Codigo.BANIDO: "Você foi banido.",
    Codigo.SERVIDOR_CHEIO: "O servidor está cheio. Tente de novo daqui a pouco.",
    Codigo.SALA_INVALIDA: "Esse nome de sala não vale.",
    Codigo.SALA_EXISTE: "Já existe uma sala com esse nome.",
    Codigo.SALA_INEXISTENTE: "Essa sala não existe.",
    Codigo.FORA_DA_SALA: "Você não está nessa sala.",
    Codigo.SEM_PERMISSAO: "Você não tem permissão para isso.",
    Codigo.USUARIO_INEXISTENTE: "Não há ninguém com esse nome aqui.",
    Codigo.TEXTO_INVALIDO: "Esse texto não pode ser enviado.",
    Codigo.DEVAGAR: "Você está enviando depressa demais. Espere um instante.",
    Codigo.LIMITE_DE_SALAS: "Você já está no número máximo de salas.",
    Codigo.EXIGE_TLS: "Isso exige uma conexão protegida (TLS).",
    Codigo.INTERNO: "O servidor não conseguiu gravar. Nada foi enviado; tente de novo.",
}
"""Frase em português para mostrar a quem usa, quando não há outra mais precisa."""


class ErroDeProtocolo(Exception):
    """Recusa que se conta à outra ponta: diz o código, a frase e, se houver, o campo culpado."""

    def __init__(
        self,
        codigo: Codigo,
        mensagem: str | None = None,
        *,
        campo: str | None = None,
        espere_ms: int | None = None,
    ) -> None:
        self.codigo = codigo
        self.mensagem = FRASES[codigo] if mensagem is None else mensagem
        self.campo = campo
        self.espere_ms = espere_ms
        super().__init__(f"{codigo}: {self.mensagem}")

    def como_carga(self) -> dict[str, Any]:
        """O objeto ``erro`` que vai pelo fio, ainda sem ``id``."""
        carga: dict[str, Any] = {"tipo": "erro", "codigo": str(self.codigo), "mensagem": self.mensagem}
        if self.campo is not None:
            carga["campo"] = self.campo
        if self.espere_ms is not None:
            carga["espere_ms"] = self.espere_ms
        return carga


class ErroQuadroGrande(ErroDeProtocolo):
    """O cabeçalho anuncia uma carga acima do limite; o fluxo não se recupera."""

    def __init__(self, tamanho_bytes: int, limite_bytes: int) -> None:
        self.tamanho_bytes = tamanho_bytes
        super().__init__(
            Codigo.QUADRO_GRANDE_DEMAIS,
            f"O quadro anuncia {tamanho_bytes} bytes; o limite agora é {limite_bytes}.",
        )


class ErroQuadroInvalido(ErroDeProtocolo):
    """A carga não é um objeto JSON como o protocolo pede; o fluxo continua."""

    def __init__(self, motivo: str) -> None:
        super().__init__(Codigo.QUADRO_INVALIDO, f"Quadro inválido: {motivo}.")
