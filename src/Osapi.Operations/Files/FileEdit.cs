namespace Osapi.Operations.Files;

/// <summary>The members that all edits of a text file share.</summary>
public abstract record FileEdit
{
    private protected FileEdit()
    {
    }

    /// <summary>The path of the file, at most 16 MiB of text. When it is a symbolic link, the file behind it is edited.</summary>
    public required FilePath Path { get; init; }

    /// <summary>The validator that must accept the edited file before it is put in its place; default: none.</summary>
    public FileValidation? Validate { get; init; }

    /// <summary>True to keep the previous content next to the file, under its name plus the time; default: false.</summary>
    public bool? Backup { get; init; }

    /// <summary>True to follow symbolic links that a user placed in their own directory and that lead to another user's; default: false.</summary>
    public bool? FollowLinks { get; init; }
}
