using Osapi.Operations.Files;

namespace Osapi.Operations;

public static partial class Permissions
{
    /// <summary>Read stored and deployed files.</summary>
    public const string FileRead = "file:read";

    /// <summary>Store, deploy and remove files.</summary>
    public const string FileWrite = "file:write";

    /// <summary>See, in checks, the content of files that not every user of the host may read.</summary>
    public const string FileContent = "file:content";
}

public abstract partial class FamilyClients
{
    /// <summary>Files: stored once, deployed to hosts.</summary>
    public FileClient File => field ??= new(invoker);
}
