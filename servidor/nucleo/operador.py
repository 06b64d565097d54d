"""Os comandos de quem opera o servidor, na janela ou na entrada padrão (§11.2)."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from protocolo.cargas import montar_quadro
from protocolo.erros import ErroDeProtocolo
from protocolo.horas import formatar_hora
from protocolo.limites import SALA_GERAL
from protocolo.textos import chave, limpar_nome, limpar_sala, limpar_texto, ordem_alfabetica
from servidor.nucleo import presenca
from servidor.nucleo.central import Central
from servidor.nucleo.eventos import BanimentoMudou, RespostaAoOperador, UsuarioExpulso
from servidor.nucleo.plural import contar
from servidor.nucleo.salas import Sala
from servidor.nucleo.tratadores.conexao import desconectar
from servidor.nucleo.usuarios import Usuario

_QUEM = "Servidor"
"""Quem fez, para quem está na conversa."""
_OPERADOR = "operador"
"""Quem fez, para a auditoria."""
_MAIS_ATIVOS = 5


class OrdemRecusada(Exception):
    """O comando não pôde ser cumprido; a mensagem diz por quê."""


Ordem: TypeAlias = Callable[[Central, str], str]


@dataclass(frozen=True, slots=True)
class _Comando:
    ordem: Ordem
    ajuda: str
    argumento: str = ""


def operar(central: Central, linha: str) -> None:
    """Cumpre uma linha como ``/expulsar Ana`` e publica a resposta."""
    nome, _, argumento = linha.strip().partition(" ")
    if not nome:
        return
    comando = COMANDOS.get(nome.casefold())
    try:
        if comando is None:
            raise OrdemRecusada(_nao_conheco(nome))
        if comando.argumento and not argumento.strip():
            raise OrdemRecusada(f"Use assim: {nome} {comando.argumento}")
        central.publicar(RespostaAoOperador(comando.ordem(central, argumento.strip())))
    except (OrdemRecusada, ErroDeProtocolo) as erro:
        frase = erro.mensagem if isinstance(erro, ErroDeProtocolo) else str(erro)
        central.publicar(RespostaAoOperador(frase, deu_certo=False))


def _nao_conheco(nome: str) -> str:
    parecido = difflib.get_close_matches(nome, COMANDOS, n=1)
    sugestao = f" Você quis dizer {parecido[0]}?" if parecido else " Veja os comandos com /help."
    return f"Não conheço o comando {nome}.{sugestao}"


def _usuarios(central: Central, _: str) -> str:
    presentes = sorted(central.usuarios.presentes(), key=lambda usuario: ordem_alfabetica(usuario.nome))
    linhas = [
        f"  {usuario.nome} — {', '.join('#' + sala.nome for sala in usuario.salas.values()) or 'em nenhuma sala'}"
        for usuario in presentes
    ]
    return "\n".join([contar(len(presentes), "conectado") + ".", *linhas])


def _salas(central: Central, _: str) -> str:
    salas = sorted(central.salas, key=lambda sala: ordem_alfabetica(sala.nome))
    linhas = [f"  #{sala.nome} — {contar(len(sala.membros), 'membro')}" for sala in salas]
    return "\n".join([contar(len(salas), "sala") + ".", *linhas])


def _avisar(central: Central, texto: str) -> str:
    evento = {"tipo": "aviso", "texto": limpar_texto(texto), "hora": formatar_hora(central.hora_ms)}
    presentes = central.usuarios.presentes()
    central.espalhar((usuario.conexao for usuario in presentes), [montar_quadro(evento)])
    return f"Aviso enviado a {contar(len(presentes), 'pessoa')}."


def _expulsar(central: Central, nome: str) -> str:
    usuario = _alguem(central, nome)
    central.publicar(UsuarioExpulso(usuario.nome, _OPERADOR))
    _por_na_rua(central, usuario, "expulso")
    return f"{usuario.nome} foi expulso."


def _banir(central: Central, nome: str) -> str:
    usuario = central.usuarios.com_nome(nome)
    # O grupo é o nome como se escreve: é ele que a lista mostra.
    grupo = limpar_nome(nome) if usuario is None else usuario.nome
    marcas = {chave(grupo)} if usuario is None else {usuario.chave, usuario.ficha}
    antigos = {central.banidos[marca] for marca in marcas if marca in central.banidos}
    marcas |= {marca for marca, seu_grupo in central.banidos.items() if seu_grupo in antigos}
    for marca in marcas:
        central.banidos[marca] = grupo
        central.sujar_banido(0, marca, grupo)
    central.publicar(BanimentoMudou("", grupo, _OPERADOR, True))
    if usuario is not None:
        _por_na_rua(central, usuario, "banido")
    return f"{grupo} foi banido do servidor."


def _desbanir(central: Central, nome: str) -> str:
    grupo = central.banidos.get(chave(nome))
    if grupo is None:
        raise OrdemRecusada(f"{nome} não está banido.")
    for marca in [marca for marca, seu_grupo in central.banidos.items() if seu_grupo == grupo]:
        del central.banidos[marca]
        central.sujar_banido(0, marca, None)
    central.publicar(BanimentoMudou("", grupo, _OPERADOR, False))
    return f"{grupo} pode voltar."


def _fechar(central: Central, nome: str) -> str:
    sala = central.salas.com_nome(limpar_sala(nome))
    if sala is None:
        raise OrdemRecusada(f"Não existe a sala {nome}.")
    if sala.fixa:
        raise OrdemRecusada(f"A sala #{sala.nome} é fixa e não fecha.")
    fechar_sala(central, sala)
    return f"A sala #{sala.nome} foi fechada."


def fechar_sala(central: Central, sala: Sala) -> None:
    """Tira todos da sala, contando a cada um que ela foi fechada, e a remove."""
    central.assentar_sala(sala)
    central.transmitir(sala, {"tipo": "removido", "sala": sala.nome, "motivo": "sala_fechada", "por": _QUEM})
    for usuario in [*sala.membros, *sala.esperas]:
        usuario.salas.pop(sala.chave, None)
        usuario.lugares.pop(sala.chave, None)
        sala.membros.pop(usuario, None)
        sala.esperas.pop(usuario, None)
        central.sujar_lugar(sala, usuario)
    presenca.remover_sala(central, sala, por=_OPERADOR)


def _banidos(central: Central, _: str) -> str:
    nomes = sorted(set(central.banidos.values()), key=ordem_alfabetica)
    return f"Banidos do servidor: {', '.join(nomes)}." if nomes else "Ninguém está banido do servidor."


def _fixar(central: Central, nome: str) -> str:
    return _mudar_fixa(central, nome, True)


def _soltar(central: Central, nome: str) -> str:
    return _mudar_fixa(central, nome, False)


def _mudar_fixa(central: Central, nome: str, fixa: bool) -> str:
    sala = central.salas.com_nome(limpar_sala(nome))
    if sala is None:
        raise OrdemRecusada(f"Não existe a sala {nome}.")
    if sala.nome == SALA_GERAL:
        raise OrdemRecusada(f"A sala #{SALA_GERAL} é sempre fixa.")
    sala.fixa = fixa
    central.sujar_sala(sala)
    central.avisos.mudou(sala, existe=True, agora_s=central.agora_s)
    if sala.esta_vazia():
        presenca.remover_sala(central, sala)
    else:
        # Quem modera pode ter saído com a sala vazia, e quem chegou depois é membro comum.
        presenca.passar_moderacao(central, sala)
    return f"A sala #{sala.nome} agora {'é fixa' if fixa else 'some quando ficar vazia'}."


def _trancar(central: Central, _: str) -> str:
    central.trancado = True
    return "O servidor não recebe mais ninguém novo; quem já estava pode voltar."


def _destrancar(central: Central, _: str) -> str:
    central.trancado = False
    return "O servidor voltou a receber."


def _resumo(central: Central, _: str) -> str:
    ativos = sorted(central.usuarios, key=lambda usuario: -usuario.mensagens)[:_MAIS_ATIVOS]
    quem = ", ".join(f"{usuario.nome} ({usuario.mensagens})" for usuario in ativos if usuario.mensagens)
    return (
        f"{contar(len(central.conexoes), 'conexão', 'conexões')}, {contar(central.usuarios.conectados, 'usuário')}, "
        f"{contar(len(central.salas), 'sala')}, {contar(central.observacao.mensagens, 'mensagem', 'mensagens')}. "
        f"Mais ativos: {quem or 'ninguém ainda'}."
    )


def _ajuda(central: Central, _: str) -> str:
    return "\n".join(
        ["Comandos:", *(f"  {f'{nome} {c.argumento}'.strip():<20} {c.ajuda}" for nome, c in COMANDOS.items())]
        + ["  /shutdown            encerra o servidor"]
    )


def _alguem(central: Central, nome: str) -> Usuario:
    usuario = central.usuarios.com_nome(nome)
    if usuario is None:
        raise OrdemRecusada(f"Não há ninguém com o nome {nome}.")
    return usuario


def _por_na_rua(central: Central, usuario: Usuario, motivo: str) -> None:
    central.assentar()
    conexao = usuario.conexao
    if conexao is not None:
        central.usuarios.levantar(usuario)
        desconectar(central, conexao, motivo, f"Você foi {motivo} por quem opera o servidor.")
    presenca.despedir(central, usuario, motivo, _QUEM)


COMANDOS: dict[str, _Comando] = {
    "/usuarios": _Comando(_usuarios, "quem está conectado e em que salas"),
    "/salas": _Comando(_salas, "as salas e quantos há em cada uma"),
    "/aviso": _Comando(_avisar, "manda um aviso a todos", "texto"),
    "/expulsar": _Comando(_expulsar, "desconecta alguém, que pode voltar", "nome"),
    "/banir": _Comando(_banir, "desconecta alguém, que não pode voltar", "nome"),
    "/desbanir": _Comando(_desbanir, "deixa voltar quem foi banido", "nome"),
    "/fechar": _Comando(_fechar, "fecha uma sala", "#sala"),
    "/banidos": _Comando(_banidos, "quem está banido do servidor"),
    "/fixar": _Comando(_fixar, "a sala fica mesmo vazia", "#sala"),
    "/soltar": _Comando(_soltar, "a sala volta a sumir quando vazia", "#sala"),
    "/trancar": _Comando(_trancar, "não recebe ninguém novo"),
    "/destrancar": _Comando(_destrancar, "volta a receber"),
    "/stats": _Comando(_resumo, "totais e usuários mais ativos"),
    "/help": _Comando(_ajuda, "mostra esta lista"),
}
