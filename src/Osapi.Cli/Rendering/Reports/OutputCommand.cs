namespace Osapi.Cli.Rendering.Reports;

/// <summary>The command that prints the whole output of a job on a host.</summary>
internal static class OutputCommand
{
    public static string Of(string job, string host, string stream) => $"osapi job output {job} --host {host}{(stream == "stdout" ? "" : $" --stream {stream}")}";
}
