"""O que mudou desde o último retrato, para quem observa o servidor de fora."""

from __future__ import annotations

from collections.abc import Iterable

from servidor.nucleo.eventos import Contadores, Retrato, SalaVista, UsuarioVisto
from servidor.nucleo.salas import Sala
from servidor.nucleo.usuarios import Usuario


class Observacao:
    """Anota o que mudou só enquanto alguém observa; sem observadores não custa nada."""

    def __init__(self) -> None:
        self.ligada = False
        self.mensagens = 0
        self.bytes_recebidos = 0
        self.bytes_enviados = 0
        self._usuarios: dict[int, Usuario] = {}
        self._salas: dict[int, Sala] = {}
        self._latencias: dict[int, float | None] = {}
        """De cada um, a da última medida."""
        self._completo = True

    def ligar(self, sim: bool) -> None:
        """Começa (com um retrato completo) ou deixa de anotar."""
        self.ligada = sim
        self._completo = True
        self._usuarios.clear()
        self._salas.clear()

    def mexer_no_usuario(self, usuario: Usuario) -> None:
        """Este usuário mudou."""
        if self.ligada:
            self._usuarios[usuario.id] = usuario

    def mexer_na_sala(self, sala: Sala) -> None:
        """Esta sala mudou."""
        if self.ligada:
            self._salas[sala.id] = sala

    def retratar(
        self,
        usuarios: Iterable[Usuario],
        salas: Iterable[Sala],
        conexoes: int,
        hora_ms: int,
        *,
        medir_todos: bool,
        trancado: bool = False,
    ) -> Retrato:
        """O retrato do que mudou desde o anterior. ``medir_todos`` procura também as latências que mudaram."""
        presentes = {usuario.id: usuario for usuario in usuarios if usuario.conexao is not None}
        vivas = {sala.id: sala for sala in salas}
        mudados = self._quem_mudou(presentes, medir_todos)
        mudadas = vivas if self._completo else self._salas
        retrato = Retrato(
            hora_ms=hora_ms,
            completo=self._completo,
            contadores=self._contar(presentes, vivas, conexoes, trancado),
            usuarios_mudados=tuple(_ver_usuario(u) for i, u in mudados.items() if i in presentes),
            usuarios_sumidos=tuple(i for i in self._usuarios if i not in presentes),
            salas_mudadas=tuple(_ver_sala(s) for i, s in mudadas.items() if i in vivas),
            salas_sumidas=tuple(i for i in self._salas if i not in vivas),
        )
        self._completo = False
        self._usuarios.clear()
        self._salas.clear()
        return retrato

    def _quem_mudou(self, presentes: dict[int, Usuario], medir_todos: bool) -> dict[int, Usuario]:
        if self._completo:
            return presentes
        if not medir_todos:
            return self._usuarios
        antes = self._latencias
        self._latencias = {i: u.conexao.medir_latencia() for i, u in presentes.items() if u.conexao is not None}
        # De quem está calado a latência não muda: numa escola inteira parada não há o que contar.
        return {i: u for i, u in presentes.items() if i in self._usuarios or self._latencias[i] != antes.get(i)}

    def _contar(self, presentes: dict[int, Usuario], vivas: dict[int, Sala], conexoes: int, trancado: bool) -> Contadores:
        return Contadores(
            usuarios=len(presentes),
            conexoes=conexoes,
            salas=len(vivas),
            protegidas=sum(sala.senha is not None for sala in vivas.values()),
            mensagens=self.mensagens,
            bytes_recebidos=self.bytes_recebidos,
            bytes_enviados=self.bytes_enviados,
            trancado=trancado,
        )


def _ver_usuario(usuario: Usuario) -> UsuarioVisto:
    conexao = usuario.conexao
    assert conexao is not None
    return UsuarioVisto(
        id=usuario.id,
        nome=usuario.nome,
        registrado=usuario.registrado,
        salas=tuple(sala.nome for sala in usuario.salas.values()),
        endereco=f"{conexao.endereco[0]}:{conexao.endereco[1]}",
        cifrado=conexao.cifrada,
        desde_ms=usuario.desde_ms,
        mensagens=usuario.mensagens,
        latencia_ms=conexao.medir_latencia(),
    )


def _ver_sala(sala: Sala) -> SalaVista:
    return SalaVista(
        id=sala.id,
        nome=sala.nome,
        membros=len(sala.membros),
        protegida=sala.senha is not None,
        fixa=sala.fixa,
        criador=sala.criador,
        mensagens=sala.ultima_seq,
        assunto=sala.assunto,
    )
