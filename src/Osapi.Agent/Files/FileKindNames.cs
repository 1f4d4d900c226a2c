using Osapi.Agent.Hosts.Files;

namespace Osapi.Agent.Files;

/// <summary>The display names of file kinds.</summary>
internal static class FileKindNames
{
    public static string Of(FileKind kind) => kind switch
    {
        FileKind.Regular => "a file",
        FileKind.Directory => "a directory",
        FileKind.Link => "a symbolic link",
        FileKind.Pipe => "a named pipe",
        FileKind.Socket => "a socket",
        _ => "a device",
    };
}
