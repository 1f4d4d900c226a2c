using System.CommandLine;

namespace Osapi.Cli.Commands;

/// <summary>
/// A command that runs until it is stopped and handles signals itself. Its name may be shared with a command that does not, such as
/// <c>docker start</c>.
/// </summary>
internal sealed class ServiceCommand(string name, string description) : Command(name, description);
