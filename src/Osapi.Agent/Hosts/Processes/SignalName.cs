using System.Globalization;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>The names of signals (signal(7)), which have the same numbers on x86 and ARM.</summary>
internal static class SignalName
{
    private static readonly IReadOnlyList<string> Names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    public static string Of(int number) => "SIG" + (number >= 1 && number <= Names.Count ? Names[number - 1] : number.ToString(CultureInfo.InvariantCulture));
}
