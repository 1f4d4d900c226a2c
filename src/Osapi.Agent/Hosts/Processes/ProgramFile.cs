using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Finds the file of a program.</summary>
internal static class ProgramFile
{
    /// <summary>
    /// The file to execute. A name without a slash is looked up in <c>PATH</c>; the directories of it that are not
    /// absolute are passed over, because where they lead depends on where the command runs.
    /// </summary>
    /// <exception cref="OperationException">There is no such program, or it may not be executed.</exception>
    public static string Find(string program, string? path)
    {
        if (program.Contains('/', StringComparison.Ordinal))
            return program;
        var files = (path ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").Split(':')
            .Where(directory => directory.StartsWith('/')).Select(directory => Path.Join(directory, program)).Where(File.Exists).ToList();
        return files.Find(file => Libc.Access(file, Libc.ExecuteAccess) == 0)
            ?? throw (files is [var first, ..]
                ? new OperationException(ErrorType.Conflict, $"{first} is not executable")
                : new OperationException(ErrorType.NotFound, $"command not found: {program}"));
    }
}
