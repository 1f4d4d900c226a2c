using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Finds the file of a program.</summary>
internal static class ProgramFile
{
    /// <summary>
    /// Finds the file to execute. A name without a slash is searched in <c>PATH</c>; relative directories in it are
    /// skipped, because they depend on the working directory.
    /// </summary>
    /// <exception cref="OperationException">There is no such program, or it is not executable.</exception>
    public static string Find(string program, string? path)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return program;
        var files = (path ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").Split(':')
            .Where(directory => directory.StartsWith('/')).Select(directory => Path.Join(directory, program)).Where(File.Exists).ToList();
        return files.Find(file => ProcessCalls.Access(file, ProcessCalls.ExecuteAccess) == 0)
            ?? throw (files is [var first, ..]
                ? new OperationException(ErrorType.Conflict, $"{first} is not executable")
                : new OperationException(ErrorType.NotFound, $"command not found: {program}"));
    }
}
