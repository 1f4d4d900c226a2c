namespace Osapi.Agent.Files.Templates;

/// <summary>The resource limits of one rendering.</summary>
/// <remarks>
/// They guard against mistakes, not against attackers, who could deploy any file: an endless loop must not take down an
/// agent.
/// </remarks>
internal sealed class TemplateBudget(TimeProvider time, CancellationToken cancellationToken)
{
    public const int MaxSteps = 1_000_000;

    /// <summary>The maximum number of characters of the output, or of any intermediate text.</summary>
    public const int MaxCharacters = 4 * 1024 * 1024;

    /// <summary>The maximum number of elements of an intermediate list.</summary>
    public const int MaxElements = 1_000_000;

    /// <summary>
    /// The maximum total size of all intermediate texts and lists, in bytes, including garbage: only the runtime knows
    /// what is still in use.
    /// </summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private const int BytesOfElement = 32;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly long start = time.GetTimestamp();
    private long bytes;

    /// <exception cref="RefusedTemplateException">The time limit is exceeded.</exception>
    public void CountStep()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (time.GetElapsedTime(start) > Timeout)
            throw new RefusedTemplateException($"it takes longer than {Timeout.TotalSeconds} s");
    }

    /// <summary>Counts an intermediate text.</summary>
    /// <exception cref="RefusedTemplateException">The text limit is exceeded.</exception>
    public void CountText(long characters)
    {
        RequireCharacters(characters);
        CountBytes(characters * sizeof(char));
    }

    /// <summary>Counts an intermediate list.</summary>
    /// <exception cref="RefusedTemplateException">The list limit is exceeded.</exception>
    public void CountList(long elements)
    {
        RequireElements(elements);
        CountBytes(elements * BytesOfElement);
    }

    /// <summary>Counts characters appended to a text that is counted incrementally.</summary>
    /// <exception cref="RefusedTemplateException">The text limit is exceeded.</exception>
    public void AddText(int characters) => CountBytes(characters * (long)sizeof(char));

    /// <exception cref="RefusedTemplateException">The text limit is exceeded.</exception>
    public static void RequireCharacters(long count)
    {
        if (count > MaxCharacters)
            throw new RefusedTemplateException($"it creates a text of more than {MaxCharacters} characters");
    }

    /// <exception cref="RefusedTemplateException">The list limit is exceeded.</exception>
    public static void RequireElements(long count)
    {
        if (count > MaxElements)
            throw new RefusedTemplateException($"it creates a list of more than {MaxElements} elements");
    }

    private void CountBytes(long count)
    {
        bytes += count;
        if (bytes > MaxBytes)
            throw new RefusedTemplateException($"it creates texts and lists of more than {MaxBytes / 1024 / 1024} MiB in all");
    }
}

/// <summary>The exception for a template that is invalid or exceeds a limit.</summary>
/// <param name="message">The reason, to follow the template's name.</param>
internal sealed class RefusedTemplateException(string message) : Exception(message);
