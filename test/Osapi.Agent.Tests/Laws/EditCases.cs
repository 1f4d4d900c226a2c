using Osapi.Agent.Tests.Files.Downloads;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Laws;

/// <summary>A line that is replaced.</summary>
internal sealed class LineCase : EditCase
{
    public override Operation Operation => FileOperations.UpdateLine;

    protected override object Request => new UpdateLine { Path = Room.PathOf("app.conf"), Line = "port=8080", Match = "^port=" };
}

/// <summary>A block that is replaced.</summary>
internal sealed class BlockCase : EditCase
{
    public override Operation Operation => FileOperations.UpdateBlock;

    protected override object Request => new UpdateBlock { Path = Room.PathOf("app.conf"), MarkerName = "law", Block = "port=8080" };
}

/// <summary>A text that is replaced.</summary>
internal sealed class ReplaceCase : EditCase
{
    public override Operation Operation => FileOperations.Replace;

    protected override object Request => new ReplaceText { Path = Room.PathOf("app.conf"), Match = "port=1$", With = "port=8080" };
}

/// <summary>A directory whose mode is set.</summary>
internal sealed class DirectoryCase : FileCase
{
    public override Operation Operation => FileOperations.UpdateDirectory;

    protected override object Request => new UpdateDirectory { Path = Room.PathOf("data/app"), Mode = "0750" };

    public override Task PrepareAsync() => OpenAsync();

    public override Task DriftAsync()
    {
        File.SetUnixFileMode(Room.PathOf("data/app"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Task.CompletedTask;
    }
}

/// <summary>A link that is led elsewhere.</summary>
internal sealed class LinkCase : FileCase
{
    public override Operation Operation => FileOperations.UpdateLink;

    protected override object Request => new UpdateLink { Path = Room.PathOf("current"), Destination = "releases/42" };

    public override Task PrepareAsync() => OpenAsync();

    public override Task DriftAsync()
    {
        File.Delete(Room.PathOf("current"));
        File.CreateSymbolicLink(Room.PathOf("current"), "releases/41");
        return Task.CompletedTask;
    }
}

/// <summary>A tree whose modes are set.</summary>
internal sealed class AttributesCase : FileCase
{
    public override Operation Operation => FileOperations.UpdateAttributes;

    protected override object Request => new UpdateAttributes { Path = Room.PathOf("tree"), Mode = "u=rwX,g=rX,o=", Recurse = true };

    public override async Task PrepareAsync()
    {
        await OpenAsync();
        Room.Write("tree/deep/file", "x");
    }

    public override Task DriftAsync()
    {
        File.SetUnixFileMode(Room.PathOf("tree/deep/file"), UnixFileMode.UserRead);
        return Task.CompletedTask;
    }
}

/// <summary>A file that is fetched from a web server.</summary>
internal sealed class DownloadCase : FileCase
{
    private readonly WebServer server = new();

    public override Operation Operation => FileOperations.DownloadUrl;

    protected override object Request => new DownloadUrl { SourceUrl = server.Address("/app"), Path = Room.PathOf("app"), Sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" };

    public override Task PrepareAsync()
    {
        server.Serve("/app", "hello");
        return OpenAsync();
    }

    public override Task DriftAsync()
    {
        File.AppendAllText(Room.PathOf("app"), "drift");
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await base.DisposeAsync();
    }
}

/// <summary>An archive that is extracted.</summary>
internal sealed class ExtractCase : FileCase
{
    public override Operation Operation => FileOperations.Extract;

    protected override object Request => new ExtractArchive { Path = Room.PathOf("archive"), Dest = Room.PathOf("dest") };

    public override async Task PrepareAsync()
    {
        await OpenAsync();
        Room.Write("source/deep/file", "x");
        await System.Formats.Tar.TarFile.CreateFromDirectoryAsync(Room.PathOf("source"), Room.PathOf("archive"), includeBaseDirectory: false);
    }

    public override Task DriftAsync()
    {
        File.Delete(Room.PathOf("dest/deep/file"));
        return Task.CompletedTask;
    }
}

/// <summary>A directory that is removed with its files.</summary>
internal sealed class DeleteCase : FileCase
{
    public override Operation Operation => FileOperations.DeletePath;

    protected override object Request => new DeletePath { Path = Room.PathOf("old"), Recursive = true };

    public override async Task PrepareAsync()
    {
        await OpenAsync();
        await DriftAsync();
    }

    public override Task DriftAsync()
    {
        Room.Write("old/deep/file", "x");
        return Task.CompletedTask;
    }
}

internal abstract class EditCase : FileCase
{
    public override async Task PrepareAsync()
    {
        await OpenAsync();
        await DriftAsync();
    }

    public override Task DriftAsync()
    {
        Room.Write("app.conf", "host=a\nport=1\n");
        return Task.CompletedTask;
    }
}
