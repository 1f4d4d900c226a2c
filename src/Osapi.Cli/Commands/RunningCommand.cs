using System.CommandLine;

namespace Osapi.Cli.Commands;

/// <summary>A command that runs a plan, and handles the signals to the process itself: the first cancels the plan.</summary>
internal sealed class RunningCommand(string name, string description) : Command(name, description);
