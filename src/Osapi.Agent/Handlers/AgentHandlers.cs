using Osapi.Agent.Command;
using Osapi.Agent.Docker;
using Osapi.Agent.Files;
using Osapi.Agent.Groups;
using Osapi.Agent.Http;
using Osapi.Agent.Network;
using Osapi.Agent.Node;
using Osapi.Agent.Packages;
using Osapi.Agent.Services;
using Osapi.Agent.Sysctl;
using Osapi.Agent.Users;
using Osapi.Agent.Waits;

namespace Osapi.Agent.Handlers;

/// <summary>The handler table of all families.</summary>
internal static class AgentHandlers
{
    public static HandlerTable All { get; } = new()
    {
        NodeHandlers.All,
        CommandHandlers.All,
        FileHandlers.All,
        NetworkHandlers.All,
        ServiceHandlers.All,
        SysctlHandlers.All,
        PackageHandlers.All,
        UserHandlers.All,
        GroupHandlers.All,
        WaitHandlers.All,
        HttpHandlers.All,
        DockerHandlers.All,
    };
}
