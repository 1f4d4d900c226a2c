namespace Osapi.Agent.Files.Templates;

/// <summary>
/// What one rendering may take. Whoever can deploy a template can do worse, so this is against mistakes: an agent must not
/// die of a loop that does not end.
/// </summary>
internal sealed class TemplateBudget(TimeProvider time, CancellationToken cancellationToken)
{
    public const int MostSteps = 1_000_000;

    /// <summary>The most characters that the output, or any text on the way, may have.</summary>
    public const int MostCharacters = 4 * 1024 * 1024;

    /// <summary>The most elements that a list on the way may have.</summary>
    public const int MostElements = 1_000_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly long start = time.GetTimestamp();

    /// <exception cref="TemplateLimitException">The time is up.</exception>
    public void Spend()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (time.GetElapsedTime(start) > Longest)
            throw new TemplateLimitException($"it takes longer than {Longest.TotalSeconds} s");
    }

    /// <exception cref="TemplateLimitException">That is too much text.</exception>
    public static void Characters(long count)
    {
        if (count > MostCharacters)
            throw new TemplateLimitException($"it makes a text of more than {MostCharacters} characters");
    }

    /// <exception cref="TemplateLimitException">That is too long a list.</exception>
    public static void Elements(long count)
    {
        if (count > MostElements)
            throw new TemplateLimitException($"it makes a list of more than {MostElements} elements");
    }
}

/// <summary>A template that takes more than it may.</summary>
/// <param name="message">What it takes, to follow the template's name.</param>
internal sealed class TemplateLimitException(string message) : Exception(message);
