namespace Osapi.Agent.Files.Templates;

/// <summary>
/// What one rendering may take. Whoever can deploy a template can do worse, so this is against mistakes: an agent must not
/// die of a loop that does not end.
/// </summary>
internal sealed class TemplateBudget(TimeProvider time, CancellationToken cancellationToken)
{
    public const int MaxSteps = 1_000_000;

    /// <summary>The most characters that the output, or any text on the way, may have.</summary>
    public const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>The most elements that a list on the way may have.</summary>
    public const int MaxElements = 1_000_000;

    /// <summary>The most bytes that all texts and lists on the way may have together, those that are no longer in use included: which ones are, only the runtime knows.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private const int BytesOfElement = 32;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly long start = time.GetTimestamp();
    private long bytes;

    /// <exception cref="RefusedTemplateException">The time is up.</exception>
    public void Spend()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (time.GetElapsedTime(start) > Timeout)
            throw new RefusedTemplateException($"it takes longer than {Timeout.TotalSeconds} s");
    }

    /// <summary>Counts a text that is made on the way.</summary>
    /// <exception cref="RefusedTemplateException">That is too much text.</exception>
    public void MakeText(long characters)
    {
        RequireCharacters(characters);
        Make(characters * sizeof(char));
    }

    /// <summary>Counts a list that is made on the way.</summary>
    /// <exception cref="RefusedTemplateException">That is too long a list.</exception>
    public void MakeList(long elements)
    {
        RequireElements(elements);
        Make(elements * BytesOfElement);
    }

    /// <summary>Counts characters that are added to a text which is counted bit by bit.</summary>
    /// <exception cref="RefusedTemplateException">That is too much text.</exception>
    public void AddText(int characters) => Make(characters * (long)sizeof(char));

    /// <exception cref="RefusedTemplateException">That is too much text.</exception>
    public static void RequireCharacters(long count)
    {
        if (count > MaxCharacters)
            throw new RefusedTemplateException($"it makes a text of more than {MaxCharacters} characters");
    }

    /// <exception cref="RefusedTemplateException">That is too long a list.</exception>
    public static void RequireElements(long count)
    {
        if (count > MaxElements)
            throw new RefusedTemplateException($"it makes a list of more than {MaxElements} elements");
    }

    private void Make(long count)
    {
        bytes += count;
        if (bytes > MaxBytes)
            throw new RefusedTemplateException($"it makes texts and lists of more than {MaxBytes / 1024 / 1024} MiB in all");
    }
}

/// <summary>A template that is not rendered, or takes more than it may.</summary>
/// <param name="message">Why, to follow the template's name.</param>
internal sealed class RefusedTemplateException(string message) : Exception(message);
