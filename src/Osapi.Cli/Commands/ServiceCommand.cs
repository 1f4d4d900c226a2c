using System.CommandLine;

namespace Osapi.Cli.Commands;

/// <summary>A command that runs until it is told to stop, and hears signals itself. It may share its name with one that does not, as <c>docker start</c>.</summary>
internal sealed class ServiceCommand(string name, string description) : Command(name, description);
