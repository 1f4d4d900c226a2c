namespace Osapi.Operations;

/// <summary>Where an operation stands in the REST API. In the route of a host operation, <c>{hostname}</c> is the target.</summary>
public sealed record HttpRoute
{
    /// <summary>The template member that names the target.</summary>
    public const string TargetMember = "hostname";

    private HttpRoute(string method, string template)
    {
        Method = method;
        Template = template;
        QueryMembers = [];
        Members = [.. template.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'))];
    }

    /// <summary>The HTTP method, in capitals.</summary>
    public string Method { get; }

    /// <summary>The path, with the members that it carries in braces, such as <c>/node/{hostname}/disk</c>.</summary>
    public string Template { get; }

    /// <summary>The names in braces, in order. All but the target are members of the request.</summary>
    public IReadOnlyList<string> Members { get; }

    /// <summary>True when members outside the path travel in a body; otherwise in the query.</summary>
    public bool HasBody => Method is "POST" or "PUT";

    /// <summary>True when the body is multipart/form-data: the content of a local file among plain members. Otherwise it is JSON.</summary>
    public bool IsForm { get; private init; }

    /// <summary>The members of a form that travel in the query all the same.</summary>
    public IReadOnlyList<string> QueryMembers { get; private init; }

    /// <summary>A GET route.</summary>
    public static HttpRoute Get(string template) => new("GET", template);

    /// <summary>A POST route.</summary>
    public static HttpRoute Post(string template) => new("POST", template);

    /// <summary>A POST route whose body is multipart/form-data.</summary>
    /// <param name="template">The path.</param>
    /// <param name="queryMembers">The members that travel in the query.</param>
    public static HttpRoute PostForm(string template, params string[] queryMembers) => new("POST", template) { IsForm = true, QueryMembers = queryMembers };

    /// <summary>A PUT route.</summary>
    public static HttpRoute Put(string template) => new("PUT", template);

    /// <summary>A DELETE route.</summary>
    public static HttpRoute Delete(string template) => new("DELETE", template);

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Template}";
}
