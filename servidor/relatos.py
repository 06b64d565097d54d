"""Como cada fato do núcleo se escreve no registro técnico: uma tabela, uma linha por fato."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from servidor.assuntos import CONEXAO, MSG, NOVA_CONEXAO, OPERADOR, SALA, SISTEMA
from servidor.nucleo import eventos as e
from servidor.nucleo.plural import contar
from servidor.publicacao import Dificuldade, Nivel

_COMO_CHEGOU = {
    "novo": "entrou no servidor",
    "voltou": "voltou depois de uma queda",
    "assumiu": "assumiu o lugar da conexão antiga",
}
_COMO_SAIU = {
    "saiu": "saiu de",
    "caiu": "caiu e deixou",
    "expulso": "foi expulso de",
    "banido": "foi banido de",
}

_GRAVACAO = "gravação"

_Relato = tuple[Nivel, str, str]


def relatar(fato: e.Fato) -> _Relato:
    """Nível, assunto e texto de um fato. O texto ainda pode trazer o que veio de fora: quem escreve escapa."""
    return _RELATOS[type(fato)](fato)


def _fechou(fato: e.ConexaoFechada) -> _Relato:
    quem = f"{fato.endereco} ({fato.nome})" if fato.nome else f"{fato.endereco}"
    return Nivel.INFO, CONEXAO, f"{quem} desconectado depois de {fato.duracao_s:.0f} s: {fato.motivo}."


def _saiu(fato: e.SaiuDaSala) -> _Relato:
    por = f" por {fato.por}" if fato.por else ""
    return Nivel.INFO, SALA, f"{fato.nome} {_COMO_SAIU[fato.motivo]} #{fato.sala}{por}. Membros: {fato.total}."


def _entregou(fato: e.MensagensEntregues) -> _Relato:
    quantas = len(fato.autores)
    if quantas == 1:
        texto = f"#{fato.sala} {fato.autores[0]} → {contar(fato.membros, 'destinatário')} ({fato.tamanho_bytes} bytes)"
    else:
        texto = f"#{fato.sala} {quantas} mensagens → {contar(fato.membros, 'destinatário')} ({fato.tamanho_bytes} bytes)"
    return Nivel.INFO, MSG, texto


def _recusou(fato: e.PedidoRecusado) -> _Relato:
    quem = fato.nome or f"{fato.endereco}"
    pedido = f" em “{fato.tipo}”" if fato.tipo else ""
    nivel = Nivel.ERRO if fato.codigo.startswith("quadro") else Nivel.AVISO
    return nivel, CONEXAO, f"{quem}: {fato.codigo}{pedido} — {fato.mensagem}"


def _moderacao(fato: e.ModeracaoMudou) -> _Relato:
    verbo = "agora modera" if fato.valor else "deixou de moderar"
    return Nivel.INFO, SALA, f"{fato.nome} {verbo} #{fato.sala}."


def _banimento(fato: e.BanimentoMudou) -> _Relato:
    onde = f"de #{fato.sala}" if fato.sala else "do servidor"
    return Nivel.INFO, SISTEMA, f"{fato.nome} foi {'banido' if fato.valor else 'desbanido'} {onde} por {fato.por}."


def _sala_removida(fato: e.SalaRemovida) -> _Relato:
    return Nivel.INFO, SALA, f"A sala #{fato.sala} " + (f"foi fechada por {fato.por}." if fato.por else "deixou de existir.")


def _gravacao_falhou(fato: e.GravacaoFalhou) -> _Relato:
    texto = f"O banco não gravou ({fato.causa}); {contar(fato.mensagens, 'mensagem voltou', 'mensagens voltaram')} a quem enviou."
    return Nivel.ERRO, SISTEMA, texto


def dificuldade_de(fato: e.Fato) -> Dificuldade | None:
    """O que o fato diz que falta ao servidor, ou que deixou de faltar; ``None`` se não é disso que fala."""
    if isinstance(fato, e.GravacaoVoltou):
        return Dificuldade(_GRAVACAO, "")
    if isinstance(fato, e.GravacaoFalhou):
        motivo = "O disco está cheio" if "full" in fato.causa else f"O banco não grava ({fato.causa})"
        return Dificuldade(_GRAVACAO, f"{motivo}: o que se envia volta a quem escreveu, e ler continua. Volta a gravar sozinho quando puder.")
    return None


_RELATOS: dict[type, Callable[[Any], _Relato]] = {
    e.ConexaoAceita: lambda f: (Nivel.INFO, NOVA_CONEXAO, f"{f.endereco} conectado."),
    e.ConexaoFechada: _fechou,
    e.UsuarioIdentificado: lambda f: (Nivel.INFO, SISTEMA, f"{f.nome} {_COMO_CHEGOU[f.como]} ({f.endereco[0]})."),
    e.UsuarioRenomeado: lambda f: (Nivel.INFO, SISTEMA, f"{f.de} agora se chama {f.para}."),
    e.UsuarioRegistrado: lambda f: (Nivel.INFO, SISTEMA, f"{f.nome} registrou o nome."),
    e.BanimentoMudou: _banimento,
    e.UsuarioExpulso: lambda f: (Nivel.INFO, SISTEMA, f"{f.nome} foi expulso do servidor por {f.por}."),
    e.EntrouNaSala: lambda f: (Nivel.INFO, SALA, f"{f.nome} entrou em #{f.sala}. Membros: {f.total}."),
    e.SaiuDaSala: _saiu,
    e.SalaCriada: lambda f: (Nivel.INFO, SALA, f"{f.nome} criou a sala #{f.sala}."),
    e.SalaRemovida: _sala_removida,
    e.ModeracaoMudou: _moderacao,
    e.MensagensEntregues: _entregou,
    e.PedidoRecusado: _recusou,
    e.GravacaoFalhou: _gravacao_falhou,
    e.GravacaoVoltou: lambda f: (Nivel.INFO, SISTEMA, "O banco voltou a gravar."),
    e.RespostaAoOperador: lambda f: (Nivel.INFO if f.deu_certo else Nivel.AVISO, OPERADOR, f.texto),
}
