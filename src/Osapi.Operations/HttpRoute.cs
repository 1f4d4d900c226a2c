namespace Osapi.Operations;

/// <summary>The HTTP method and path of an operation. In the route of a host operation, <c>{hostname}</c> is the target.</summary>
public sealed record HttpRoute
{
    /// <summary>The name of the template member for the target.</summary>
    public const string TargetMember = "hostname";

    private HttpRoute(string method, string template)
    {
        Method = method;
        Template = template;
        QueryMembers = [];
        Members = [.. template.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'))];
    }

    /// <summary>The HTTP method, in upper case.</summary>
    public string Method { get; }

    /// <summary>The path with its members in braces, such as <c>/node/{hostname}/disk</c>.</summary>
    public string Template { get; }

    /// <summary>The names in braces, in order. All except the target are members of the request.</summary>
    public IReadOnlyList<string> Members { get; }

    /// <summary>True when members that are not in the path are sent in the body; otherwise they are sent in the query.</summary>
    public bool HasBody => Method is "POST" or "PUT";

    /// <summary>True when the body is multipart/form-data: the content of a local file with other members as fields. Otherwise it is JSON.</summary>
    public bool IsForm { get; private init; }

    /// <summary>The members of a form that are sent in the query.</summary>
    public IReadOnlyList<string> QueryMembers { get; private init; }

    /// <summary>Creates a GET route.</summary>
    public static HttpRoute Get(string template) => new("GET", template);

    /// <summary>Creates a POST route.</summary>
    public static HttpRoute Post(string template) => new("POST", template);

    /// <summary>Creates a POST route with a multipart/form-data body.</summary>
    /// <param name="template">The path.</param>
    /// <param name="queryMembers">The members that are sent in the query.</param>
    public static HttpRoute PostForm(string template, params string[] queryMembers) => new("POST", template) { IsForm = true, QueryMembers = queryMembers };

    /// <summary>Creates a PUT route.</summary>
    public static HttpRoute Put(string template) => new("PUT", template);

    /// <summary>Creates a DELETE route.</summary>
    public static HttpRoute Delete(string template) => new("DELETE", template);

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Template}";
}
