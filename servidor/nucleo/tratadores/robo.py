"""O Robô: comandos escritos, iguais em todos os clientes (§8).

Cada comando monta o pedido equivalente e o entrega ao tratador dele: as regras são as mesmas.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from protocolo import limites as lim
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.horas import formatar_hora
from protocolo.mensagens import conferir_pedido
from protocolo.textos import ordem_alfabetica
from servidor.nucleo.central import Central
from servidor.nucleo.conexao import Pedido
from servidor.nucleo.paginas import mais_recentes
from servidor.nucleo.plural import contar
from servidor.nucleo.salas import Sala
from servidor.nucleo.tratadores import conexao, contas, moderacao, privadas, salas
from servidor.nucleo.tratadores.base import Tratador, cobrar

_HISTORICO_PADRAO = 10
_FALA_MAX = 12_000
_MAIS_ATIVOS = 5
_SAIR_SEM_BARRA = "sair"


@dataclass(frozen=True, slots=True)
class Comando:
    """Um comando: o que faz, como se escreve e a ajuda."""

    fazer: Callable[[Central, Pedido, str], None]
    uso: str
    ajuda: str
    precisa: bool = False
    """Precisa de argumento."""


def comando(central: Central, pedido: Pedido) -> None:
    """O pedido ``comando``: um texto que começa por ``/``, ou ``sair``."""
    texto = pedido.campos["texto"].strip()
    if not texto.startswith("/") and texto.casefold() != _SAIR_SEM_BARRA:
        mensagem = "Um comando começa por “/”. Veja a lista com /help."
        raise ErroDeProtocolo(Codigo.MENSAGEM_INVALIDA, mensagem, campo="texto")
    obedecer(central, pedido)


def obedecer(central: Central, pedido: Pedido) -> None:
    """Interpreta o texto do pedido. Levanta ``devagar``; as outras recusas vêm pelo Robô."""
    cobrar(central, pedido.usuario)
    texto = pedido.campos["texto"].strip()
    # Em qualquer espaço: uma senha depois de uma quebra de linha não pode passar por nome de comando.
    nome, argumento = (*texto.split(maxsplit=1), "")[:2]
    # Uma sala que já não existe continua dita: /sair dela não é deixar o servidor.
    dita = pedido.campos.get("sala")
    sala = central.salas.com_nome(dita) if dita is not None else None
    do_robo = Pedido(pedido.conexao, pedido.tipo, pedido.id, {}, True, sala.nome if sala else dita)
    central.tentar(do_robo, lambda: _executar(central, do_robo, nome.casefold(), argumento.strip()))


def _executar(central: Central, pedido: Pedido, nome: str, argumento: str) -> None:
    escolhido = COMANDOS.get(_OUTROS_NOMES.get(nome, nome))
    if escolhido is None:
        parecidos = difflib.get_close_matches(nome, [*COMANDOS, *_OUTROS_NOMES], n=1, cutoff=0.5)
        dica = f"Você quis dizer {parecidos[0]}?" if parecidos else "Veja a lista com /help."
        raise ErroDeProtocolo(Codigo.TIPO_DESCONHECIDO, f"Não conheço o comando {nome}. {dica}")
    if escolhido.precisa and not argumento:
        raise ErroDeProtocolo(Codigo.MENSAGEM_INVALIDA, f"Escreva assim: {escolhido.uso}")
    escolhido.fazer(central, pedido, argumento)


def _pedir(
    central: Central,
    pedido: Pedido,
    tipo: str,
    tratador: Tratador,
    confirmacao: str | None = None,
    **campos: Any,
) -> None:
    conferidos = conferir_pedido(tipo, campos)
    equivalente = replace(pedido, tipo=tipo, campos=conferidos, confirmacao=confirmacao)
    central.tentar(equivalente, lambda: tratador(central, equivalente))


def _dizer(central: Central, pedido: Pedido, texto: str) -> None:
    if len(texto) > _FALA_MAX:
        texto = texto[:_FALA_MAX] + "\n…"
    central.falar_pelo_robo(pedido, texto)
    central.responder(pedido)


def _sala_daqui(central: Central, pedido: Pedido) -> Sala:
    sala = central.salas.com_nome(pedido.sala_do_comando) if pedido.sala_do_comando else None
    if sala is None or pedido.usuario not in sala.membros:
        raise ErroDeProtocolo(Codigo.FORA_DA_SALA, "Esse comando vale dentro de uma sala.")
    return sala


# --- o que todos podem ---------------------------------------------------------------


def _ajudar(central: Central, pedido: Pedido, _: str) -> None:
    _dizer(central, pedido, "\n".join(["Comandos:", *(f"{c.uso} — {c.ajuda}" for c in COMANDOS.values())]))


def _listar_usuarios(central: Central, pedido: Pedido, _: str) -> None:
    sala = central.salas.com_nome(pedido.sala_do_comando) if pedido.sala_do_comando else None
    if sala is not None and pedido.usuario in sala.membros:
        quem, onde = list(sala.membros), f"em #{sala.nome}"
    else:
        quem, onde = central.usuarios.presentes(), "no servidor"
    nomes = sorted((usuario.nome for usuario in quem), key=ordem_alfabetica)
    _dizer(central, pedido, f"{len(nomes)} {onde}: {', '.join(nomes)}.")


def _listar_salas(central: Central, pedido: Pedido, _: str) -> None:
    em_ordem = sorted(central.salas, key=lambda sala: ordem_alfabetica(sala.nome))
    linhas = [f"#{s.nome} ({len(s.membros)}){' — protegida' if s.senha else ''}" for s in em_ordem]
    _dizer(central, pedido, "\n".join([contar(len(linhas), "sala") + ":", *linhas]))


def _entrar(central: Central, pedido: Pedido, argumento: str) -> None:
    nome, senha = _separar_nome(argumento)
    campos = {"sala": nome} | ({"senha": senha} if senha else {})
    _pedir(central, pedido, "entrar", salas.entrar, **campos)


def _sair(central: Central, pedido: Pedido, _: str) -> None:
    if pedido.sala_do_comando is not None:
        _pedir(central, pedido, "sair", salas.sair, sala=pedido.sala_do_comando)
    elif not pedido.usuario.salas:
        _encerrar(central, pedido, "")
    else:
        nomes = ", ".join(f"#{sala.nome}" for sala in pedido.usuario.salas.values())
        _dizer(central, pedido, f"De onde? Você está em {nomes}. Para deixar o servidor, /encerrar.")


def _encerrar(central: Central, pedido: Pedido, _: str) -> None:
    _pedir(central, pedido, "encerrar", conexao.encerrar)


def _renomear(central: Central, pedido: Pedido, argumento: str) -> None:
    _pedir(central, pedido, "renomear", conexao.renomear, nome=_sem_aspas(argumento))


def _falar_em_privado(central: Central, pedido: Pedido, argumento: str) -> None:
    nome, texto = _separar_pessoa(central, argumento)
    _pedir(central, pedido, "privada", privadas.privada, para=nome, texto=texto)


def _mostrar_historico(central: Central, pedido: Pedido, argumento: str) -> None:
    sala = _sala_daqui(central, pedido)
    quantas = int(argumento) if argumento.isascii() and argumento.isdecimal() and len(argumento) < 4 else 0
    if argumento and not 1 <= quantas <= lim.HISTORICO_MAX:
        raise ErroDeProtocolo(Codigo.MENSAGEM_INVALIDA, f"Diga um número de 1 a {lim.HISTORICO_MAX}.")
    central.assentar_sala(sala)
    pagina = mais_recentes(central.arquivo, sala, None, quantas or _HISTORICO_PADRAO)
    linhas = [f"[{m['hora'][:10]} {m['hora'][11:19]}] {m['de']}: {m['texto']}" for m in pagina.mensagens]
    _dizer(central, pedido, "\n".join(linhas) or "Ainda não há mensagens nesta sala.")


def _dizer_hora(central: Central, pedido: Pedido, _: str) -> None:
    hora = formatar_hora(central.hora_ms)
    _dizer(central, pedido, f"No servidor são {hora[11:19]} de {hora[8:10]}/{hora[5:7]}/{hora[:4]} (UTC).")


def _responder_ping(central: Central, pedido: Pedido, _: str) -> None:
    _dizer(central, pedido, "pong")


def _resumir(central: Central, pedido: Pedido, _: str) -> None:
    no_ar_s = int(central.agora_s - central.inicio_s)
    horas, minutos, segundos = no_ar_s // 3600, no_ar_s // 60 % 60, no_ar_s % 60
    ativos = sorted(central.usuarios, key=lambda usuario: -usuario.mensagens)[:_MAIS_ATIVOS]
    quem = ", ".join(f"{usuario.nome} ({usuario.mensagens})" for usuario in ativos if usuario.mensagens)
    _dizer(
        central,
        pedido,
        f"Mensagens desde o início: {central.observacao.mensagens}. "
        f"No ar há {horas:02d}:{minutos:02d}:{segundos:02d}. "
        f"{contar(central.usuarios.conectados, 'conectado')}, {contar(len(central.salas), 'sala')}. "
        f"Mais ativos: {quem or 'ninguém ainda'}.",
    )


def _registrar(central: Central, pedido: Pedido, argumento: str) -> None:
    confirmacao = f"Pronto: o nome {pedido.usuario.nome} agora pede essa senha."
    _pedir(central, pedido, "registrar", contas.registrar, confirmacao, senha=argumento)


# --- o que só quem modera pode ----------------------------------------------------------


def _moderar(tipo: str, tratador: Tratador, feito: str, *, com_motivo: bool) -> Callable[[Central, Pedido, str], None]:
    def fazer(central: Central, pedido: Pedido, argumento: str) -> None:
        sala = _sala_daqui(central, pedido)
        campos: dict[str, Any] = {"sala": sala.nome}
        if com_motivo:
            campos["nome"], motivo = _separar_pessoa(central, argumento)
            if motivo:
                campos["motivo"] = motivo
        else:
            campos["nome"] = _sem_aspas(argumento)
        confirmacao = feito.format(nome=campos["nome"], sala=sala.nome)
        _pedir(central, pedido, tipo, tratador, confirmacao, **campos)

    return fazer


# --- nomes dentro do texto ---------------------------------------------------------------


def _separar_nome(argumento: str) -> tuple[str, str]:
    """O primeiro nome, entre aspas ou até o espaço, e o resto."""
    if argumento.startswith('"') and (fim := argumento.find('"', 1)) > 0:
        return argumento[1:fim], argumento[fim + 1 :].strip()
    nome, resto = (*argumento.split(maxsplit=1), "", "")[:2]
    return nome, resto


def _separar_pessoa(central: Central, argumento: str) -> tuple[str, str]:
    """O nome de alguém e o resto: entre aspas, ou o nome conectado mais longo que casa."""
    if not argumento.startswith('"'):
        fins = [achado.start() for achado in re.finditer(r"\s|\Z", argumento[: lim.NOME_MAX + 1])]
        for fim in reversed(fins):
            usuario = central.usuarios.com_nome(argumento[:fim])
            if usuario is not None and usuario.conexao is not None:
                return usuario.nome, argumento[fim:].strip()
    return _separar_nome(argumento)


def _sem_aspas(argumento: str) -> str:
    return argumento[1:-1] if len(argumento) > 1 and argumento[0] == argumento[-1] == '"' else argumento


COMANDOS: dict[str, Comando] = {
    "/help": Comando(_ajudar, "/help", "mostra esta lista"),
    "/usuarios": Comando(_listar_usuarios, "/usuarios", "quem está na sala"),
    "/list": Comando(_listar_salas, "/list", "as salas e quantos há em cada uma"),
    "/join": Comando(_entrar, "/join #sala [senha]", "entra numa sala, criando-a se não existe", True),
    "/sair": Comando(_sair, "/sair", "sai da sala; fora de uma sala, do servidor"),
    "/encerrar": Comando(_encerrar, "/encerrar", "deixa o servidor"),
    "/nome": Comando(_renomear, "/nome novo", "troca o seu nome", True),
    "/privado": Comando(_falar_em_privado, "/privado nome texto", "manda uma mensagem só a uma pessoa", True),
    "/historico": Comando(_mostrar_historico, "/historico [n]", "as últimas mensagens da sala"),
    "/hora": Comando(_dizer_hora, "/hora", "a hora do servidor"),
    "/ping": Comando(_responder_ping, "/ping", "confere a conexão"),
    "/stats": Comando(_resumir, "/stats", "mensagens, tempo no ar e quem mais fala"),
    "/registrar": Comando(_registrar, "/registrar senha", "prende o seu nome a uma senha", True),
    "/expulsar": Comando(
        _moderar("expulsar", moderacao.expulsar, "{nome} foi expulso de #{sala}.", com_motivo=True),
        "/expulsar nome [motivo]",
        "tira alguém da sala (moderador)",
        True,
    ),
    "/banir": Comando(
        _moderar("banir", moderacao.banir, "{nome} foi banido de #{sala}.", com_motivo=True),
        "/banir nome [motivo]",
        "tira alguém e não o deixa voltar (moderador)",
        True,
    ),
    "/desbanir": Comando(
        _moderar("desbanir", moderacao.desbanir, "{nome} pode voltar a #{sala}.", com_motivo=False),
        "/desbanir nome",
        "deixa voltar quem foi banido (moderador)",
        True,
    ),
    "/promover": Comando(
        _moderar("promover", moderacao.promover, "{nome} modera #{sala}.", com_motivo=False),
        "/promover nome",
        "faz de alguém moderador (moderador)",
        True,
    ),
    "/rebaixar": Comando(
        _moderar("rebaixar", moderacao.rebaixar, "{nome} não modera mais #{sala}.", com_motivo=False),
        "/rebaixar nome",
        "tira a moderação de alguém (moderador)",
        True,
    ),
}
_OUTROS_NOMES = {
    "/ajuda": "/help",
    "/salas": "/list",
    "/entrar": "/join",
    "/quit": "/encerrar",
    "/exit": "/encerrar",
    _SAIR_SEM_BARRA: "/encerrar",
    "/msg": "/privado",
}

TRATADORES: dict[str, Tratador] = {"comando": comando}
