namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The lists of one side, allowed or denied. A list that is null is not given.</summary>
public sealed record RestrictionLists
{
    /// <summary>Ids of operations, or their beginning with <c>*</c> for the rest: <c>file.*</c>.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>Absolute paths of programs; <c>/opt/app/bin/*</c> stands for all programs directly in a directory.</summary>
    public IReadOnlyList<string>? Commands { get; init; }

    /// <summary>Absolute paths of files and directories; a directory stands for all below it.</summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>Names or numbers of the users who own files.</summary>
    public IReadOnlyList<string>? Users { get; init; }

    /// <summary>
    /// Names of images, with <c>*</c> for the rest after a slash: <c>registry.example.com/team/*</c>. A name without a tag stands
    /// for all tags.
    /// </summary>
    public IReadOnlyList<string>? Images { get; init; }

    /// <summary>True when a list is given whose limits a command could evade.</summary>
    internal bool LimitsCommands => Paths is not null || Users is not null || Images is not null;
}
