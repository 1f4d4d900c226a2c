using Osapi.Agent.Command;
using Osapi.Agent.Docker;
using Osapi.Agent.Files;
using Osapi.Agent.Network;
using Osapi.Agent.Node;

namespace Osapi.Agent.Handlers;

/// <summary>The handler table of all families.</summary>
internal static class AgentHandlers
{
    public static HandlerTable All { get; } = new() { NodeHandlers.All, CommandHandlers.All, FileHandlers.All, NetworkHandlers.All, DockerHandlers.All };
}
